using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>The main job and the access through Kubernetes on .NET 8, on a real cluster.</summary>
public sealed class Net8RunTests
{
    private const string Token = "token-of-the-admin";

    /// <summary>Small, so that it fills within seconds.</summary>
    private const long Quota = 24_000_000;

    private static readonly string[] Members = ["m1", "m2", "m3"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_module_does_its_job_on_NET_8()
    {
        Net8Program.SkipUnlessItRunsHere();
        await using TestEtcdCluster etcd = await StartEtcdAsync();
        await etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        using var folder = new TemporaryFolder();
        string snapshot = Path.Combine(folder.Path, "snapshot.db");

        string[] lines = await Net8Program.RunAsync([
            "endpoints",
            string.Join(',', etcd.ClientUrls),
            .. Certificates(etcd),
            snapshot,
        ]);

        RequireTheJobOn(lines, "Endpoint");
        Assert.Contains(lines, line => line.EndsWith(" NoSpace Cleared", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            line => line.StartsWith($"snapshot {new FileInfo(snapshot).Length} ", StringComparison.Ordinal)
        );
        (await etcd.SnapshotStatusAsync(snapshot)).OutputOrThrow();
        await etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);

        await using FakeApiServer api = await StartApiServerAsync(etcd);
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token)));
        RequireTheJobOn(await Net8Program.RunAsync("exec", config), "KubernetesExec");
        await etcd.KeyValues.PutAsync("after", "the exec", cancellation: Cancellation);
        RequireTheJobOn(
            await Net8Program.RunAsync(["port-forward", config, .. Certificates(etcd)]),
            "KubernetesPortForward"
        );
        Assert.Empty(api.Failures);
    }

    private static void RequireTheJobOn(string[] lines, string access)
    {
        Assert.Equal("runtime .NET 8.0.34", lines[0]);
        Assert.Contains($"connected {access}", lines);
        Assert.All(
            Members,
            member =>
            {
                Assert.Contains(lines, line => line.StartsWith($"status {member} 3.", StringComparison.Ordinal));
                Assert.Contains($"compaction {member} Compacted", lines);
                Assert.Contains($"defragmentation {member} Defragmented", lines);
            }
        );
        Assert.Contains("health healthy", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    private static async Task<TestEtcdCluster> StartEtcdAsync()
    {
        try
        {
            await EtcdReleases.DefaultAsync();
        }
        catch (InvalidOperationException missing)
        {
            Assert.Skip(missing.Message);
        }
        return await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = Quota,
            },
            Cancellation
        );
    }

    private static async Task<FakeApiServer> StartApiServerAsync(TestEtcdCluster etcd)
    {
        FakeApiServer api = await FakeApiServer.StartAsync();
        api.Pods.AddRange(EtcdPods.Kubeadm(etcd));
        api.Users.Add(new ApiUser("admin") { Token = Token });
        return api;
    }

    private static string[] Certificates(TestEtcdCluster etcd) =>
        [etcd.Certificates!.Ca, etcd.Certificates.Client.Certificate, etcd.Certificates.Client.Key];
}

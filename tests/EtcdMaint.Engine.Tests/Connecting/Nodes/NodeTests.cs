using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>What a node shows about the etcd that runs on it.</summary>
[Trait("Kind", "Real")]
public sealed class NodeTests
{
    private static CallBudget Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Reads_address_certificates_and_free_disk_space_from_the_running_etcd()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Limit.Stop
        );
        await using var node = new LocalCommandRunner();
        EtcdEndpoint wanted = EtcdEndpoint.Parse(etcd.ClientUrls[0], false);
        EtcdProcess? process = await EtcdProcessFinder.FindAsync(node, wanted, "here", Limit);

        Assert.Equal(etcd.Members[0].ProcessId, process!.Id);
        Assert.Equal(wanted, Assert.Single(process.Endpoints));
        Assert.Equal(etcd.Certificates!.Server.Certificate, process.ServerCertificate);
        Assert.Equal(etcd.Certificates.Server.Key, process.ServerKey);
        Assert.Equal(etcd.Certificates.Ca, process.Authority);

        long expected = new DriveInfo(process.DataFolder!).AvailableFreeSpace;
        long? free = await new NodeDisk(node, process).ReadFreeBytesAsync(Limit);
        Assert.InRange(free ?? 0, expected - 500_000_000, expected + 500_000_000);
        Assert.Null(await EtcdProcessFinder.FindAsync(node, wanted with { Port = 1 }, "here", Limit));
    }

    [Fact]
    public async Task Reports_unreadable_settings_unless_the_address_was_given()
    {
        var node = new ScriptedNode(command =>
            command.Contains("cat ", StringComparison.Ordinal) && !command.StartsWith("sh ", StringComparison.Ordinal)
                ? new CommandOutput(1, "", "permission denied")
                : new CommandOutput(0, "pid 7\narg etcd\narg --config-file=/etc/etcd/config\n", "")
        );
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() =>
            EtcdProcessFinder.FindAsync(node, null, "core@node", Limit)
        );
        Assert.Equal("EtcdConfigUnreadable", error.ErrorId);
        Assert.Contains("/etc/etcd/config", error.Message);
        Assert.Equal(
            7,
            (
                await EtcdProcessFinder.FindAsync(
                    node,
                    EtcdEndpoint.Parse("https://127.0.0.1:2379", true),
                    "core@node",
                    Limit
                )
            )!.Id
        );
    }

    [Theory]
    [InlineData("https://10.0.0.1:2379,https://127.0.0.1:2379", "https://127.0.0.1:2379")]
    [InlineData("https://0.0.0.0:4001", "https://127.0.0.1:4001")]
    [InlineData("unix:///run/etcd,http://10.0.0.1", "http://10.0.0.1:2379")]
    [InlineData(null, "http://localhost:2379")]
    public void A_loopback_address_takes_precedence(string? listening, string expected)
    {
        var settings = new Dictionary<string, string>();
        if (listening is not null)
            settings["listen-client-urls"] = listening;
        Assert.Equal(expected, new EtcdProcess(1, settings).Endpoints[0].ToString());
    }
}

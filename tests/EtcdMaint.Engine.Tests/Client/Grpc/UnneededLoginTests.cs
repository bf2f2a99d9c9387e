using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>A user and a password for a cluster without auth: a warning, as etcdctl gives one, and no login.</summary>
[Trait("Kind", "Real")]
public sealed class UnneededLoginTests
{
    private const string Password = "secret";

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task The_run_continues_without_the_login_until_auth_is_enabled(string release)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        var connecting = new RunRecorder();
        EndpointConnectRequest request = RealCluster.RequestFor(etcd) with
        {
            UserName = "root",
            Password = RealCluster.Secret(Password),
        };
        EtcdConnection connection = await new EtcdEngine().ConnectAsync(request, connecting, Cancellation);
        await using IEtcdCluster cluster = connection.Cluster;
        string warning = Assert.Single(connecting.Warnings);
        Assert.StartsWith("LoginNotEnabled: ", warning, StringComparison.Ordinal);
        Assert.Contains("'root'", warning, StringComparison.Ordinal);

        await AssertReachableAsync(cluster);
        RunRecorder compacted = new();
        MemberTarget[] targets =
        [
            .. (await cluster.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation)).Select(
                m => new MemberTarget(m)
            ),
        ];
        await cluster.CompactAsync(
            new CompactionRequest { Targets = targets, CallTimeout = RealCluster.Timeout },
            compacted,
            Cancellation
        );
        Assert.Empty(compacted.Errors);

        (await etcd.EtcdctlAsync("user", "add", $"root:{Password}")).OutputOrThrow();
        (await etcd.EtcdctlAsync("user", "grant-role", "root", "root")).OutputOrThrow();
        (await etcd.EtcdctlAsync("auth", "enable")).OutputOrThrow();

        // A member that has not applied the change yet still answers that no login is needed.
        await Poll.UntilAsync(
            async _ => (await StatusesAsync(cluster)).Rows<EtcdMemberStatus>().All(s => s.IsReachable),
            TimeSpan.FromSeconds(20),
            "every member accepts the login",
            Cancellation
        );
        Assert.Empty(await cluster.GetAlarmsAsync(RealCluster.Timeout, new RunRecorder(), Cancellation));
        Assert.Single(connecting.Warnings);
    }

    private static async Task AssertReachableAsync(IEtcdCluster cluster)
    {
        RunRecorder recorder = await StatusesAsync(cluster);
        Assert.Equal([true, true, true], recorder.Rows<EtcdMemberStatus>().Select(s => s.IsReachable));
        Assert.Empty(recorder.Errors);
    }

    private static async Task<RunRecorder> StatusesAsync(IEtcdCluster cluster)
    {
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        return recorder;
    }
}

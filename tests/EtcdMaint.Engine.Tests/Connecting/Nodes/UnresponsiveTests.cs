using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>
/// etcdctl before 3.6 reads the member list through raft. A member that defragments while a write is queued then does
/// not even report its ID, and must not be mistaken for a member that is down.
/// </summary>
[Trait("Kind", "Real")]
public sealed class UnresponsiveTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_defragments_is_not_skipped_as_down()
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);

        // The metrics would show the member's ID.
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("no-curl");
        await using SshNodes nodes = await SshNodes.OrSkipAsync(5, SshNodes.WithoutCurl(folder));
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 5,
                Tls = TlsMode.Mutual,
                Binaries = await Releases.OrSkipAsync("3.5"),
            },
            nodes.Request
        );
        await real.Etcd.Loader.LoadAsync(2_000_000, 0, valueBytes: 2_000, cancellation: Cancellation);
        ClusterMember leader = await real.Etcd.LeaderAsync(Cancellation);
        ClusterMember[] followers = [.. real.Etcd.Members.Where(m => m != leader)];
        MemberTarget[] target = [.. (await real.TargetsAsync()).Where(t => t.Member.MemberId == followers[1].Id)];

        await using (await SlowDisk.AttachAsync(followers[0], TimeSpan.FromSeconds(1), Cancellation))
        {
            Task<CommandResult> foreign = real.Etcd.EtcdctlAsync(
                ["defrag", "--endpoints", followers[0].ClientUrl, "--command-timeout", "120s"],
                Cancellation
            );
            await Poll.UntilAsync(
                () => EtcdLogs.Defragmentations(real.Etcd).Count == 1,
                TimeSpan.FromSeconds(20),
                "it began",
                Cancellation
            );
            await real.Etcd.KeyValues.PutAsync("held", "up", leader, Cancellation);

            RunRecorder run = await real.DefragmentAsync(r =>
                r with
                {
                    Targets = target,
                    CallTimeout = TimeSpan.FromSeconds(8),
                    Override = new HashSet<EtcdGate> { EtcdGate.MemberDown },
                    NotAfter = DateTimeOffset.UtcNow.AddSeconds(12),
                }
            );
            output.WriteLine(run.Story);
            Assert.False(foreign.IsCompleted);
            Assert.Single(run.Warnings, w => w.StartsWith("MemberSilent: "));
            Assert.Equal("MemberSilent", Assert.Single(run.Errors).ErrorId);
            Assert.Single(EtcdLogs.Defragmentations(real.Etcd));
        }
    }

    [Fact]
    public async Task A_node_that_is_down_is_still_skipped()
    {
        await using SshNodes nodes = await SshNodes.OrSkipAsync(5);
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 5,
                Tls = TlsMode.Mutual,
                Binaries = await Releases.OrSkipAsync("3.5"),
            },
            nodes.Request
        );
        ClusterMember leader = await real.Etcd.LeaderAsync(Cancellation);
        int[] followers = [.. Enumerable.Range(0, 5).Where(i => real.Etcd.Members[i] != leader)];
        MemberTarget[] target =
        [
            .. (await real.TargetsAsync()).Where(t => t.Member.MemberId == real.Etcd.Members[followers[1]].Id),
        ];

        // Still logged in and not answering, as in the first seconds after a node loses power.
        nodes.Servers[followers[0]].SilenceConnections();
        await real.Etcd.Members[followers[0]].KillAsync(Cancellation);
        RunRecorder run = await real.DefragmentAsync(r =>
            r with
            {
                Targets = target,
                CallTimeout = TimeSpan.FromSeconds(5),
                Override = new HashSet<EtcdGate> { EtcdGate.MemberDown },
            }
        );
        output.WriteLine(run.Story);
        Assert.Equal(EtcdDefragStatus.Defragmented, Assert.Single(run.Rows<EtcdDefragResult>()).Status);
    }
}

using System.Diagnostics;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;
using static EtcdMaint.Engine.Tests.Client.Etcdctl.EtcdctlMember;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>A defragmentation is sent once, to the right member; an uncertain outcome is reported as unknown.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlDefragmentationTests
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static readonly TimeSpan SlowWrite = TimeSpan.FromMilliseconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Is_sent_once_and_only_to_the_intended_member(string release)
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        var runner = new RecordingRunner(new LocalCommandRunner());
        await using EtcdctlMemberClient client = ClientFor(cluster, cluster.Members[0], runner);
        ulong id = Convert.ToUInt64(cluster.Members[0].Id, 16);

        Assert.Equal(
            CallFailure.OtherMember,
            (await FailureAsync(() => client.DefragmentAsync(id + 1, Limit))).Failure
        );
        Assert.Equal(0, runner.Defragmentations);

        await client.DefragmentAsync(id, Limit);
        Assert.Equal(1, runner.Defragmentations);
        Assert.Single(EtcdLogs.Defragmentations(cluster));

        cluster.Members[0].Suspend();
        Assert.Equal(CallFailure.NotSent, (await FailureAsync(() => client.DefragmentAsync(id, ShortLimit))).Failure);
        Assert.Equal(1, runner.Defragmentations);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Is_unknown_when_the_limit_passes_or_etcdctl_is_killed(string release)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Binaries = await Releases.OrSkipAsync(release) },
            Cancellation
        );
        await cluster.Loader.LoadAsync(20_000_000, 0, valueBytes: 100_000, cancellation: Cancellation);
        var runner = new RecordingRunner(new LocalCommandRunner());
        await using EtcdctlMemberClient client = ClientFor(cluster, cluster.Members[0], runner);
        ulong id = Convert.ToUInt64(cluster.Members[0].Id, 16);

        // On the slowed disk, a commit of the loaded data would look like a defragmentation.
        await cluster.Members[0].CommittedAsync(Cancellation);
        await using (await SlowDisk.AttachAsync(cluster.Members[0], SlowWrite, Cancellation))
        {
            MemberCallException late = await FailureAsync(() => client.DefragmentAsync(id, ShortLimit));
            Assert.Equal(CallFailure.TimedOut, late.Failure);
            Assert.True(late.IsOutcomeUnknown);
        }
        await Poll.UntilAsync(
            () => EtcdLogs.Defragmentations(cluster) is [{ End: DefragmentationEnd.Finished }],
            TimeSpan.FromSeconds(30),
            "the member finished",
            Cancellation
        );

        await using (await SlowDisk.AttachAsync(cluster.Members[0], SlowWrite, Cancellation))
        {
            Task<MemberCallException> failure = FailureAsync(() => client.DefragmentAsync(id, Limit));
            await Poll.UntilAsync(
                () => EtcdLogs.Defragmentations(cluster).Count == 2,
                TimeSpan.FromSeconds(10),
                "it began",
                Cancellation
            );
            DefragmentersOf(cluster.Members[0]).ForEach(p => p.Kill());
            MemberCallException lost = await failure;
            Assert.Equal(CallFailure.ConnectionLost, lost.Failure);
            Assert.True(lost.IsOutcomeUnknown);
        }
        Assert.Equal(2, runner.Defragmentations);
    }

    [Fact]
    public async Task Is_unknown_when_the_member_is_killed_meanwhile()
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await cluster.Loader.LoadAsync(20_000_000, 0, valueBytes: 100_000, cancellation: Cancellation);
        await using EtcdctlMemberClient client = ClientFor(cluster, cluster.Members[0]);
        await using SlowDisk disk = await SlowDisk.AttachAsync(cluster.Members[0], SlowWrite, Cancellation);

        Task<MemberCallException> failure = FailureAsync(() =>
            client.DefragmentAsync(Convert.ToUInt64(cluster.Members[0].Id, 16), Limit)
        );
        await Poll.UntilAsync(
            () => EtcdLogs.Defragmentations(cluster).Count == 1,
            TimeSpan.FromSeconds(10),
            "it began",
            Cancellation
        );
        await cluster.Members[0].KillAsync(Cancellation);

        Assert.True((await failure).IsOutcomeUnknown);
    }

    private static List<Process> DefragmentersOf(ClusterMember member) =>
        [
            .. Process
                .GetProcessesByName("etcdctl")
                .Where(p => CommandLine(p) is var line && line.Contains("defrag") && line.Contains(member.ClientUrl)),
        ];

    /// <summary>Empty for a process that has just ended.</summary>
    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}

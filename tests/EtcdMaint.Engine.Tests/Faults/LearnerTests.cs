using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Faults;

/// <summary>A learner cannot be defragmented while it runs, and is no reason not to do the others.</summary>
public sealed class LearnerTests
{
    public static TheoryData<string> Release => Spread.Middle;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Release))]
    public Task It_is_skipped_and_the_voters_are_done(string release) => Drill.HoldAsync(release, async drill =>
    {
        ClusterMember learner = await drill.Etcd.AddLearnerAsync(Cancellation);
        IReadOnlyList<MemberTarget> all = await drill.Real.TargetsAsync();
        RunRecorder run = await drill.RunAsync(r => r with { Targets = all });

        Assert.Equal(4, run.Rows<EtcdDefragResult>().Count);
        Assert.Equal(EtcdDefragStatus.Skipped, Drill.RowOf(run, learner).Status);
        Assert.Equal(3, run.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
        Assert.Empty(run.Errors);
        Assert.DoesNotContain(EtcdLogs.Defragmentations(drill.Etcd), d => d.Member == learner.Name);
    });

    [Theory]
    [MemberData(nameof(Release))]
    public Task One_that_is_down_does_not_hold_up_the_voters(string release) => Drill.HoldAsync(release, async drill =>
    {
        ClusterMember learner = await drill.Etcd.AddLearnerAsync(Cancellation);
        await learner.KillAsync(Cancellation);
        RunRecorder run = await drill.RunAsync();

        Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.Empty(run.Errors);
    });
}

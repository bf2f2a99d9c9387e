using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>
/// A member is down or frozen before the run: the run is refused quickly, and continues only if a quorum is kept.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class MemberDownFaultTests
{
    private static readonly HashSet<EtcdGate> InSpiteOfIt = [EtcdGate.MemberDown, .. RealCluster.UnseenDisk];

    public static TheoryData<string> Release => TestProfile.Middle;

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_member_that_is_down_is_refused_quickly(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.Etcd.Members[1].KillAsync(TestContext.Current.CancellationToken);
                await AssertRefusedAsync(scenario);
            }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_member_that_is_frozen_is_refused_quickly(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                scenario.Etcd.Members[1].Suspend();
                await AssertRefusedAsync(scenario);
            }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task Three_members_with_one_down_cannot_lose_another(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.Etcd.Members[1].KillAsync(TestContext.Current.CancellationToken);
                RunRecorder run = await scenario.RunAsync(r => r with { Override = InSpiteOfIt });

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                Assert.Equal("QuorumAtRisk", Assert.Single(run.Errors).ErrorId);
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task Five_members_with_one_down_can_lose_another_with_the_override(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember down = scenario.Etcd.Members[1];
                await down.KillAsync(TestContext.Current.CancellationToken);
                RunRecorder run = await scenario.RunAsync(r =>
                    r with
                    {
                        Override = InSpiteOfIt,
                        ContinueOnError = true,
                    }
                );

                Assert.Equal(EtcdDefragStatus.Failed, FaultScenario.RowOf(run, down).Status);
                Assert.Equal(4, run.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
                Assert.Equal("MemberUnreachable", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            },
            options => options with { Members = 5 }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task Five_members_with_two_down_cannot_lose_another(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.Etcd.Members[1].KillAsync(TestContext.Current.CancellationToken);
                scenario.Etcd.Members[3].Suspend();
                RunRecorder run = await scenario.RunAsync(r => r with { Override = InSpiteOfIt });

                Assert.Equal("QuorumAtRisk", Assert.Single(run.Errors).ErrorId);
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ProveAsync(run);
            },
            options => options with { Members = 5 }
        );

    private static async Task AssertRefusedAsync(FaultScenario scenario)
    {
        RunRecorder run = await scenario.RunAsync();

        Assert.True(scenario.Took < TimeSpan.FromSeconds(30), $"It took {scenario.Took.TotalSeconds:0.0} s to refuse.");
        Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
        EtcdException error = Assert.Single(run.Errors);
        Assert.Equal("MemberDown", error.ErrorId);
        Assert.Equal(scenario.Etcd.Members[1].Id, error.Target);
        Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
        await scenario.ProveAsync(run);
    }
}

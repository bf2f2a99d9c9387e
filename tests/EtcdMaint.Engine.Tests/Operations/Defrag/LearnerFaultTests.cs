using System.Globalization;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// A learner cannot be defragmented while it runs, but does not prevent the defragmentation of others.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class LearnerFaultTests
{
    public static TheoryData<string> Release => TestProfile.Middle;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_learner_is_skipped_and_the_voters_are_defragmented(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember learner = await scenario.Etcd.AddLearnerAsync(Cancellation);
                IReadOnlyList<MemberTarget> all = await scenario.Real.TargetsAsync();
                RunRecorder run = await scenario.RunAsync(r => r with { Targets = all });

                Assert.Equal(4, run.Rows<EtcdDefragResult>().Count);
                Assert.Equal(EtcdDefragStatus.Skipped, FaultScenario.RowOf(run, learner).Status);
                Assert.Equal(3, run.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
                Assert.Empty(run.Errors);
                Assert.DoesNotContain(EtcdLogs.Defragmentations(scenario.Etcd), d => d.Member == learner.Name);
            }
        );

    [Theory]
    [MemberData(nameof(Release))]
    public Task An_alarm_stays_armed_while_a_learner_is_over_its_quota(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.WriteNoMoreAsync();
                ClusterMember learner = await scenario.Etcd.AddLearnerAsync(Cancellation);
                await ArmAsync(scenario, learner);
                EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
                    scenario.Real.ClearAlarmsAsync()
                );

                Assert.Equal("OverQuota", refused.ErrorId);
                Assert.Equal(learner.Id, refused.Target);
                Assert.Contains("remove it and add it again", refused.RecommendedAction);
                Assert.Contains("NOSPACE", (await scenario.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow());

                // The remedy from the error.
                await scenario.Etcd.RemoveMemberAsync(learner, Cancellation);
                RunRecorder cleared = await scenario.Real.ClearAlarmsAsync();
                Assert.Equal(EtcdAlarmStatus.Cleared, Assert.Single(cleared.Rows<EtcdAlarm>()).Status);
                await scenario.Etcd.KeyValues.PutAsync("after", "the learner", cancellation: Cancellation);
            },
            options => options with { QuotaOf = name => name == "m4" ? 24_000_000 : null }
        );

    /// <summary>Writes until the learner, whose quota is far smaller than that of the voters, arms its alarm.</summary>
    private static async Task ArmAsync(FaultScenario scenario, ClusterMember learner)
    {
        await scenario.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        Assert.Contains(
            Convert.ToUInt64(learner.Id, 16).ToString(CultureInfo.InvariantCulture),
            (await scenario.Etcd.EtcdctlAsync("alarm", "list")).OutputOrThrow()
        );
    }

    [Theory]
    [MemberData(nameof(Release))]
    public Task A_learner_that_is_down_does_not_delay_the_voters(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember learner = await scenario.Etcd.AddLearnerAsync(Cancellation);
                await learner.KillAsync(Cancellation);
                RunRecorder run = await scenario.RunAsync();

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
            }
        );
}

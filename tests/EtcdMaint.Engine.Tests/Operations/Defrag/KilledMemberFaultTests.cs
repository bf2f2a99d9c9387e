using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>A member is killed (SIGKILL) during its own or another member's defragmentation.</summary>
[Trait("Kind", "Fault")]
public sealed class KilledMemberFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_killed_during_its_defragmentation_and_restarted_counts_as_failed(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 6),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await member.KillAsync(Cancellation);
                        await member.StartAsync(Cancellation);
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("MemberRestarted", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_member_killed_during_its_defragmentation_and_not_restarted_is_unknown(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(4), ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 6),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await member.KillAsync(Cancellation);
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("refused the connection", rows[0].Reason);
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_member_killed_and_restarted_during_the_turn_of_another_is_waited_for(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 3),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        ClusterMember other = scenario.Etcd.Members.First(m => m != member);
                        await other.KillAsync(Cancellation);
                        await scenario.EndedAsync(member);
                        await other.StartAsync(Cancellation);
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_killed_permanently_during_the_turn_of_another_ends_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await scenario.Etcd.Members.First(m => m != member).KillAsync(Cancellation);
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("ClusterNotCalm", Assert.Single(run.Errors).ErrorId);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(45), $"It took {scenario.Took.TotalSeconds:0.0} s.");
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_killed_and_restarted_just_after_its_defragmentation_is_not_stable(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 1),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);

                        // As long as another member is unreachable the cluster is not stable, however soon this member
                        // answers.
                        NetworkProxy other = scenario.Proxy(scenario.Etcd.Members.First(m => m != member));
                        other.Cut();
                        await scenario.AnsweredAsync(member);
                        await member.KillAsync(Cancellation);
                        await member.StartAsync(Cancellation);
                        other.Heal();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("restarted directly after its defragmentation", rows[0].Reason);
                Assert.True(rows[0].BytesReclaimed > 4_000_000);
                Assert.Equal("MemberRestarted", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );
}

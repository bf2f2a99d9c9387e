using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>Conditions that end a run early on purpose, and how a run is continued.</summary>
[Trait("Kind", "Fault")]
public sealed class LimitFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task No_member_starts_that_would_end_too_late(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { NotAfter = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(4) },
                    before: member => scenario.SlowAsync(member, 3)
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("it would end after", rows[1].Reason);
                Assert.Single(
                    run.Warnings,
                    w => w.StartsWith("TimeLimitReached: 2 of 3 members", StringComparison.Ordinal)
                );
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_stall_that_is_too_long_ends_the_run_after_the_current_member(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                TestCluster.ClusterMember leader = await scenario.Etcd.LeaderAsync(Cancellation);
                RunRecorder run = await scenario.RunAsync(
                    r => r with { MaximumStall = TimeSpan.FromMilliseconds(500) },
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        // The reads of the third member wait for the leader. The access to it is not affected.
                        await scenario.BegunAsync(member);
                        leader.Suspend();
                        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
                        leader.Resume();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.True(rows[0].WorstStall > TimeSpan.FromMilliseconds(500));
                Assert.Contains("stalled", rows[1].Reason);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_member_that_restarted_ends_the_run_even_with_ContinueOnError(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 4),
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
    public Task A_run_that_ended_early_continues_where_it_ended(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                await scenario.WriteNoMoreAsync();
                RunRecorder half = await scenario.RunAsync(turn: 2, before: _ => stop.CancelAsync(), stop: stop.Token);
                Assert.Single(half.Rows<EtcdDefragResult>(), r => r.Status is EtcdDefragStatus.Defragmented);

                RunRecorder rest = await scenario.RunAsync();
                Assert.Empty(rest.Errors);
                EtcdDefragResult done = half.Rows<EtcdDefragResult>()[0];
                Assert.Equal(
                    EtcdDefragStatus.Skipped,
                    rest.Rows<EtcdDefragResult>().Single(r => r.MemberId == done.MemberId).Status
                );
                Assert.Equal(2, rest.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
                await scenario.ProveAsync(half);
                Assert.Equal(3, TestCluster.EtcdLogs.Defragmentations(scenario.Etcd).Count);
            }
        );
}

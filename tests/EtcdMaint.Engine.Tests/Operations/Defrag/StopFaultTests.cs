using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>Ctrl+C during a defragmentation.</summary>
[Trait("Kind", "Fault")]
public sealed class StopFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task The_current_member_is_waited_for_and_verified(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await stop.CancelAsync();
                    },
                    stop: stop.Token
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.True(rows[0].BytesReclaimed > 4_000_000);
                Assert.Equal("the run was ended on request", rows[1].Reason);
                Assert.Contains(
                    run.Warnings,
                    w =>
                        w.StartsWith(
                            $"StopRequested: Stopping after {rows[0].MemberName} of test",
                            StringComparison.Ordinal
                        )
                );
                Assert.Empty(run.Errors);
                EtcdDefragRun kept = scenario.Real.Connection.LastRun!;
                Assert.Equal(3, kept.Result.Length);

                // A caller that plans the remaining work must still be able to read how the run ended.
                await scenario.RunAsync(r => r with { PlanOnly = true });
                Assert.Same(kept, scenario.Real.Connection.LastRun);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_member_that_takes_longer_than_a_stop_waits_continues_to_defragment(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                RunRecorder run = await scenario.RunAsync(
                    r => r with { StopTimeout = TimeSpan.FromSeconds(1) },
                    before: member => scenario.SlowAsync(member, 12),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await stop.CancelAsync();
                    },
                    stop: stop.Token
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("DefragAbandoned", Assert.Single(run.Errors).ErrorId);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(10), $"It took {scenario.Took.TotalSeconds:0.0} s.");

                // Another run is refused during the defragmentation, and the lock is free as soon as the member has
                // finished.
                RunRecorder next = await scenario.RunAsync();
                Assert.Equal("LockTaken", Assert.Single(next.Errors).ErrorId);
                await scenario.SpeedUpAsync();
                await Poll.UntilAsync(
                    async stopped =>
                        await scenario.Etcd.KeyValues.GetAsync("etcdmaint/lock", cancellation: stopped) is null,
                    TimeSpan.FromSeconds(30),
                    "the lock is free",
                    Cancellation
                );
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_stop_waits_no_longer_while_the_outcome_is_being_determined(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                RunRecorder run = await scenario.RunAsync(
                    r => r with { StopTimeout = TimeSpan.FromSeconds(1), DefragTimeout = TimeSpan.FromSeconds(30) },
                    before: member => scenario.SlowAsync(member, 12),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        scenario.Proxy(member).Drop();
                        await stop.CancelAsync();
                    },
                    stop: stop.Token
                );

                Assert.Equal(EtcdDefragStatus.TimedOut, run.Rows<EtcdDefragResult>()[0].Status);
                Assert.Single(run.Errors);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(10), $"It took {scenario.Took.TotalSeconds:0.0} s.");
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );

    /// <summary>
    /// The stop arrives while the member is asked for its ID, and nothing may be sent after the run has ended.
    /// </summary>
    [Theory]
    [MemberData(nameof(Newest))]
    public Task Nothing_is_sent_to_a_member_that_was_frozen_when_the_run_was_stopped(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                ClusterMember? frozen = null;
                RunRecorder run = await scenario.RunAsync(
                    r => r with { StopTimeout = TimeSpan.Zero },
                    before: member =>
                    {
                        frozen = member;
                        member.Suspend();
                        stop.CancelAfter(TimeSpan.FromMilliseconds(300));
                        return Task.CompletedTask;
                    },
                    stop: stop.Token
                );
                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                frozen!.Resume();
                await frozen.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), Cancellation);

                // The member processes the requests in its sockets before it answers a new one.
                await scenario.Etcd.KeyValues.PutAsync("thawed", "yes", frozen, Cancellation);
                await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task Before_the_first_member_nothing_is_sent(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                using var stop = new CancellationTokenSource();
                RunRecorder run = await scenario.RunAsync(before: _ => stop.CancelAsync(), stop: stop.Token);

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ProveAsync(run);
            }
        );
}

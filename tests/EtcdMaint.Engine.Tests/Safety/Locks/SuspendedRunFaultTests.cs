using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>A member is frozen (SIGSTOP) before, during or just after its defragmentation, and resumed later.</summary>
[Trait("Kind", "Fault")]
public sealed class SuspendedRunFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_frozen_at_the_final_check_returns_the_run_to_the_gates(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember? frozen = null;
                RunRecorder run = await scenario.RunAsync(
                    before: member =>
                    {
                        frozen = member;
                        member.Suspend();
                        return Task.CompletedTask;
                    },
                    onTold: line =>
                    {
                        if (line.Contains("returns to the gates") && frozen!.State is MemberState.Paused)
                            frozen.Resume();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Contains("returns to the gates", run.Story);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
                Assert.Single(EtcdLogs.Defragmentations(scenario.Etcd), d => d.Member == frozen!.Name);
            }
        );

    /// <summary>The call and its cancellation wait in the socket of the frozen member.</summary>
    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_member_frozen_before_the_call_arrives_is_monitored_until_the_outcome_is_known(string release) =>
        OnItsWayAsync(
            release,
            async (_, member) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
                member.Resume();
            }
        );

    /// <summary>
    /// Only the call waits in the socket, because the path is cut before the cancellation: the member executes it
    /// although no client waits for the answer.
    /// </summary>
    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_call_that_is_executed_late_is_followed_to_its_end(string release) =>
        OnItsWayAsync(
            release,
            async (scenario, member) =>
            {
                scenario.Proxy(member).BlackHole();
                await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
                await scenario.SlowAsync(member, 60);

                // A signal that arrives while strace attaches can be lost.
                await Poll.UntilAsync(
                    () =>
                    {
                        member.Resume();
                        return EtcdLogs.Defragmentations(scenario.Etcd).Any(d => d.Member == member.Name);
                    },
                    TimeSpan.FromSeconds(30),
                    $"{member.Name} has begun to defragment",
                    Cancellation
                );
                scenario.Proxy(member).Heal();
                await scenario.SpeedUpAsync();
            },
            isTakenUp: true
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_member_frozen_during_its_defragmentation_and_resumed_in_time_counts_as_done(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                TimeSpan limit = TimeSpan.FromSeconds(5);
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = limit },
                    before: member => scenario.SlowAsync(member, 60),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        member.Suspend();
                        await Task.Delay(1.1 * limit, Cancellation);
                        member.Resume();
                        await scenario.SpeedUpAsync();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal("it took longer than the time limit", run.Rows<EtcdDefragResult>()[0].Reason);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_frozen_during_its_defragmentation_and_not_resumed_ends_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(2), ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        member.Suspend();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_member_frozen_just_after_its_defragmentation_is_waited_for_before_the_next(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 1),
                    meanwhile: async member =>
                    {
                        await scenario.EndedAsync(member);
                        member.Suspend();
                        await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
                        member.Resume();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                Assert.True(scenario.Took > TimeSpan.FromSeconds(4), "The next member did not wait.");
                await scenario.ProveAsync(run);
            }
        );

    /// <summary>Waits until the data of the call, which follows its headers, has arrived too.</summary>
    private static async Task NothingArrivesAsync(NetworkProxy proxy, TimeSpan time)
    {
        long before;
        do
        {
            before = proxy.BytesToMember;
            await Task.Delay(time, Cancellation);
        } while (proxy.BytesToMember != before);
    }

    private static Task OnItsWayAsync(
        string release,
        Func<FaultScenario, ClusterMember, Task> then,
        bool isTakenUp = false
    ) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                // The call takes this long to reach the member, which is frozen earlier; the final check has to pass.
                TimeSpan journey = TimeSpan.FromSeconds(0.5);
                var sent = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
                ClusterMember? target = null;
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(5), NoClusterLock = true },
                    before: member =>
                    {
                        target = member;
                        scenario.Proxy(member).DelayToMember = journey;
                        return Task.CompletedTask;
                    },
                    meanwhile: async member =>
                    {
                        long before = await sent.Task.WaitAsync(Cancellation);
                        await Poll.UntilAsync(
                            () => scenario.Proxy(member).BytesToMember > before,
                            TimeSpan.FromSeconds(30),
                            "the call has arrived",
                            Cancellation
                        );
                        await NothingArrivesAsync(scenario.Proxy(member), 2 * journey);
                        scenario.Proxy(member).DelayToMember = TimeSpan.Zero;
                        await then(scenario, member);
                    },
                    onTold: line =>
                    {
                        if (!line.Contains("defragmentation started") || sent.Task.IsCompleted)
                            return;
                        target!.Suspend();
                        sent.SetResult(scenario.Proxy(target).BytesToMember);
                    }
                );

                EtcdDefragResult first = run.Rows<EtcdDefragResult>()[0];
                bool wasTakenUp = EtcdLogs.Defragmentations(scenario.Etcd).Any(d => d.Member == first.MemberName);
                Assert.True(wasTakenUp || !isTakenUp, "The call was not executed.");
                Assert.Contains("The member may still be defragmenting", run.Story);
                Assert.Equal(wasTakenUp ? EtcdDefragStatus.Defragmented : EtcdDefragStatus.TimedOut, first.Status);
                Assert.Equal(wasTakenUp ? [] : ["DefragUnknown"], run.Errors.Select(e => e.ErrorId));
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Alarms;

/// <summary>Alarms that are armed before or during a run.</summary>
[Trait("Kind", "Fault")]
public sealed class AlarmFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_run_holds_a_role_lock_while_NOSPACE_is_armed_and_leaves_none_behind(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.ArmAsync(scenario.Etcd.Members[0], EtcdAlarmType.NoSpace);
                string held = "";
                RunRecorder run = await scenario.RunAsync(
                    r => r with { RequireLock = true },
                    before: async _ => held = (await scenario.Etcd.EtcdctlAsync("role", "list")).OutputOrThrow()
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Warnings);
                Assert.Empty(run.Errors);
                Assert.Contains(
                    $"etcdmaint-lock-1/{Environment.UserName}@{Environment.MachineName}/{Environment.ProcessId}/",
                    held,
                    StringComparison.Ordinal
                );
                Assert.Empty((await scenario.Etcd.EtcdctlAsync("role", "list")).OutputOrThrow());
                await scenario.DisarmAsync();
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task NOSPACE_armed_during_a_turn_does_not_end_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await scenario.ArmAsync(scenario.Etcd.Members.First(m => m != member), EtcdAlarmType.NoSpace);
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.DisarmAsync();
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task NOSPACE_from_a_full_quota_is_cleared_when_all_members_are_done(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
                EtcdException early = await Assert.ThrowsAsync<EtcdException>(() => scenario.Real.ClearAlarmsAsync());
                Assert.Equal("OverQuota", early.ErrorId);

                await scenario.Real.CompactAsync();
                RunRecorder run = await scenario.RunAsync();
                RunRecorder cleared = await scenario.Real.ClearAlarmsAsync();
                Assert.NotEmpty(cleared.Rows<EtcdAlarm>());
                Assert.All(cleared.Rows<EtcdAlarm>(), a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
                await scenario.ProveAsync(run);
            },
            options => options with { QuotaBytes = 30_000_000 }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task NOSPACE_from_writes_during_a_run_is_reported_and_cannot_be_cleared_while_they_continue(
        string release
    ) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                scenario.WriteHeavily(2);
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
                Task filling = Task.CompletedTask;
                RunRecorder run = await scenario.RunAsync(
                    r => r with { KeepLeader = true },
                    before: member => scenario.SlowAsync(member, 60),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        var full = new TaskCompletionSource();
                        filling = FillAsync(
                            scenario,
                            scenario.Etcd.Members.First(m => m != member),
                            full,
                            enough.Token
                        );
                        await full.Task.WaitAsync(Cancellation);
                        await scenario.SpeedUpAsync();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Single(run.Warnings, w => w.StartsWith("NoSpaceArmed", StringComparison.Ordinal));
                Assert.Empty(run.Errors);

                // The files are small again: the alarm stays cleared until writes have filled them, and is then armed
                // again at once.
                RunRecorder cleared = new();
                await Poll.UntilAsync(
                    async _ =>
                        (cleared = await scenario.Real.ClearAlarmsAsync(r => r with { MaximumQuotaUsedRatio = 2 }))
                            .Errors
                            .Count > 0,
                    TimeSpan.FromMinutes(1),
                    "an alarm was armed again",
                    Cancellation
                );
                Assert.All(cleared.Errors, e => Assert.Equal("AlarmRearmed", e.ErrorId));

                await enough.CancelAsync();
                await filling;
                EtcdException early = await Assert.ThrowsAsync<EtcdException>(() => scenario.Real.ClearAlarmsAsync());
                Assert.Equal("OverQuota", early.ErrorId);

                // No client can write anymore, and 3.4 hashes nothing up to the compacted revision.
                await scenario.Real.CompactAsync(keep: 1);
                await scenario.ProveAsync(run);
            },
            options => options with { QuotaBytes = 20_000_000 }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task With_CORRUPT_armed_no_member_is_defragmented(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.ArmAsync(scenario.Etcd.Members[2], EtcdAlarmType.Corrupt);
                RunRecorder run = await scenario.RunAsync(r =>
                    r with
                    {
                        Override = Enum.GetValues<EtcdGate>().ToHashSet(),
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                EtcdException error = Assert.Single(run.Errors);
                Assert.Equal("CorruptArmed", error.ErrorId);
                Assert.Equal(scenario.Etcd.Members[2].Id, error.Target);
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.DisarmAsync();
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task CORRUPT_armed_during_a_turn_ends_the_run_after_it(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await scenario.ArmAsync(scenario.Etcd.Members.First(m => m != member), EtcdAlarmType.Corrupt);
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("CorruptArmed", Assert.Single(run.Errors).ErrorId);
                await scenario.DisarmAsync();

                // etcd refuses to revoke a lease while CORRUPT is armed.
                await LockLease.ExpireIfLeftAsync(scenario.Etcd);
                await scenario.ProveAsync(run);
            }
        );

    /// <summary>
    /// Overwrites keys, so large that one or two fill the quota again, until stopped; refusals are ignored.
    /// </summary>
    private static async Task FillAsync(
        FaultScenario scenario,
        ClusterMember through,
        TaskCompletionSource full,
        CancellationToken enough
    )
    {
        string value = new('x', 1_000_000);
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            // A write that is lost in an election is answered only after seconds.
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            deadline.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                await scenario.Etcd.KeyValues.PutAsync($"fill/{i % 4}", value, through, deadline.Token);
            }
            catch (GatewayException refused) when (refused.IsNoSpace)
            {
                full.TrySetResult();
                await Task.Delay(10, Cancellation);
            }
            catch (Exception late)
                when (late is GatewayException or HttpRequestException
                    || (late is OperationCanceledException && !Cancellation.IsCancellationRequested)
                )
            {
                // A suspended member refuses too, or does not answer.
            }
        }
    }
}

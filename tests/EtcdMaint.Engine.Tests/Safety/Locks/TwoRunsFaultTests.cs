using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>Two runs on one cluster at once, and locks that are taken, lost or unavailable.</summary>
[Trait("Kind", "Fault")]
public sealed class TwoRunsFaultTests
{
    private const string Key = "etcdmaint/lock";

    /// <summary>Seconds of the first pause, which the test ends once the other run has been refused.</summary>
    private const double UntilSpedUp = 50;

    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task In_one_process_the_second_run_is_refused(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                var second = new RunRecorder();
                RunRecorder first = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, UntilSpedUp),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        EtcdConnection other = await RealCluster.ConnectAsync(RealCluster.RequestFor(scenario.Etcd));
                        await using IEtcdCluster cluster = other.Cluster;
                        await cluster.DefragmentAsync(
                            new DefragRequest
                            {
                                Targets = scenario.Targets,
                                CallTimeout = RealCluster.Timeout,
                                Override = RealCluster.UnseenDisk,
                            },
                            second,
                            Cancellation
                        );
                        await scenario.SpeedUpAsync();
                    }
                );

                Assert.All(first.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.All(second.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                EtcdException taken = Assert.Single(second.Errors);
                Assert.Equal("LockTaken", taken.ErrorId);
                Assert.Contains($"process {Environment.ProcessId}", taken.Message);
                await scenario.ProveAsync(first);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task In_two_processes_the_second_run_is_refused(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ChildReport? second = null;
                RunRecorder first = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, UntilSpedUp),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await using ChildRun child = ChildRun.Start(scenario);
                        second = await child.ReportAsync(Cancellation);
                        await scenario.SpeedUpAsync();
                    }
                );

                Assert.All(first.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal(["LockTaken"], second!.Errors);
                Assert.Equal(3, second.Rows.Count);
                await scenario.ProveAsync(first);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_run_on_another_machine_is_detected_by_its_key(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.Etcd.KeyValues.PutAsync(
                    Key,
                    """{"Run":"6f0ab8a9-0b4e-4a55-8f4f-5b3a0e4f7a11","Host":"elsewhere","User":"ann","ProcessId":7,"Since":"2026-11-01T02:00:00Z"}""",
                    cancellation: Cancellation
                );
                RunRecorder run = await scenario.RunAsync();

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                EtcdException taken = Assert.Single(run.Errors);
                Assert.Equal("LockTaken", taken.ErrorId);
                Assert.Contains("ann on elsewhere, process 7, since 2026-11-01", taken.Message);

                RunRecorder without = await scenario.RunAsync(r => r with { NoClusterLock = true });
                Assert.Equal("LockTaken", Assert.Single(without.Errors).ErrorId);
                await scenario.Etcd.KeyValues.DeleteAsync(Key, Cancellation);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_run_whose_lease_is_lost_ends_before_the_next_member(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        string[] leases = (await scenario.Etcd.EtcdctlAsync("lease", "list"))
                            .OutputOrThrow()
                            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
                        (await scenario.Etcd.EtcdctlAsync("lease", "revoke", Assert.Single(leases))).OutputOrThrow();
                    },
                    before: member => scenario.SlowAsync(member, 1)
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("LockLost", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_lock_that_another_run_has_taken_over_is_detected(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    turn: 2,
                    before: _ => scenario.Etcd.KeyValues.PutAsync(Key, "somebody else", cancellation: Cancellation)
                );

                // Too late for the second member, whose lock was renewed just before, but not for the third.
                Assert.Equal(EtcdDefragStatus.NotAttempted, run.Rows<EtcdDefragResult>()[^1].Status);
                Assert.Equal("LockLost", Assert.Single(run.Errors).ErrorId);
                await scenario.Etcd.KeyValues.DeleteAsync(Key, Cancellation);
                await scenario.ProveAsync(run);
            }
        );
}

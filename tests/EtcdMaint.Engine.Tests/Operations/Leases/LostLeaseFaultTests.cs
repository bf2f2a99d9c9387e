using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>
/// Candidates for leases on a real cluster, while the runbook defragments it. They behave like those of client-go, with
/// shorter times.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class LostLeaseFaultTests(ITestOutputHelper output)
{
    public static TheoryData<string> Newest => TestProfile.Newest;

    private static MaintenanceRequest Request { get; } =
        RunbookScenario.With(d => d with { MinimumFreeBytes = 1_000_000 });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_lease_that_is_lost_during_a_long_pause_ends_the_run_before_the_leader(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await using var election = new LeaseElection(scenario.Etcd, LeasePace.Faster(10));
                ClusterMember[] followers = await scenario.FollowersAsync();
                ClusterMember leader = scenario.Etcd.Members.Single(m => !followers.Contains(m));
                bool hasBegun = false;
                var recorder = new RunRecorder
                {
                    OnAsked = async target =>
                    {
                        if (hasBegun || !target.EndsWith(" of test", StringComparison.Ordinal))
                            return;
                        hasBegun = true;
                        ClusterMember slow = scenario.Member(target.Split(' ')[0]);
                        ClusterMember other = followers.Single(m => m != slow);
                        await scenario.SlowAsync(slow, 4);
                        await election.HoldAsync("kube-scheduler", "beside-the-slow-member", slow);
                        election.Compete("kube-scheduler", "beside-another-member", other);
                        await election.HoldAsync("kube-controller-manager", "beside-the-leader", leader);
                        election.Compete("kube-controller-manager", "beside-another-member", other);
                    },
                };

                EtcdMaintenanceReport report = (await scenario.Real.MaintainAsync(Request, recorder)).Report();
                output.WriteLine(report.Describe());

                EtcdLostLease lost = Assert.Single(report.LeaseLost!);
                Assert.Equal(
                    "kube-system/kube-scheduler (lost by beside-the-slow-member, now held by beside-another-member)",
                    $"{lost}"
                );
                Assert.Equal(1, lost.Transitions);
                Assert.Equal(report.Defrag[0].MemberName, lost.MemberName);
                Assert.Equal(2, report.LeaseBefore!.Count);
                Assert.Equal(2, report.LeaseAfter!.Count);
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    report.Defrag.Select(d => d.Status)
                );
                Assert.Contains(
                    "kube-scheduler (lost by beside-the-slow-member",
                    report.Defrag[^1].Reason,
                    StringComparison.Ordinal
                );
                Assert.Equal(EtcdMaintenanceStatus.NotAttempted, report.Status);
                Assert.Contains("beside-the-slow-member", report.Reason, StringComparison.Ordinal);
                Assert.Single(
                    recorder.Warnings,
                    w => w.StartsWith("LeaseLost: 1 lease of test", StringComparison.Ordinal)
                );
                Assert.Single(EtcdLogs.Defragmentations(scenario.Etcd));
            }
        );

    /// <summary>With <c>ETCDMAINT_LONG=1</c>, 20 runs instead of one.</summary>
    [Fact]
    public async Task On_an_ordinary_disk_none_of_30_leases_is_lost()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await using var election = new LeaseElection(real.Etcd, LeasePace.Faster(5));
        int members = real.Etcd.Members.Count;
        for (int i = 0; i < 30; i++)
        {
            await election.HoldAsync($"lease-{i}", "holder", real.Etcd.Members[i % members]);
            election.Compete($"lease-{i}", "rival", real.Etcd.Members[(i + 1) % members]);
        }
        for (int run = 0; run < (LongTests.AreWanted ? 20 : 1); run++)
        {
            await real.Etcd.Loader.LoadAsync(10_000_000, 20_000_000, cancellation: Cancellation);
            await real.CompactAsync();

            EtcdMaintenanceReport report = (await real.MaintainAsync(Request)).Report();
            output.WriteLine(report.Describe());

            Assert.Equal(3, report.Defrag.Count(d => d.Status is EtcdDefragStatus.Defragmented));
            Assert.Empty(report.LeaseLost!);
            Assert.Equal(30, report.LeaseBefore!.Count(lease => lease.Holder == "holder"));
            Assert.Equal(30, report.LeaseAfter!.Count(lease => lease.Holder == "holder"));
            Assert.All(
                report.LeaseBefore!.Zip(report.LeaseAfter!),
                pair => Assert.True(pair.First.RenewedAt < pair.Second.RenewedAt, $"{pair}")
            );
        }
    }
}

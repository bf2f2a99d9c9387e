using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The process of a run is killed during a defragmentation, and the run is started again.</summary>
[Trait("Kind", "Fault")]
public sealed class OwnProcessFaultTests
{
    public static TheoryData<string> Release => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Release))]
    public Task The_member_continues_and_the_next_run_waits_for_it_and_for_the_lease(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember first = (await scenario.FollowersAsync())[0];
                await scenario.SlowAsync(first, 6);
                await using (ChildRun child = ChildRun.Start(scenario))
                {
                    await scenario.BegunAsync(first);
                    await child.KillAsync(Cancellation);
                }

                // The lock file was released with the process; the key in the cluster stays until its lease expires.
                RunRecorder early = await scenario.RunAsync();
                Assert.Contains("did not start", early.Story);
                Assert.Equal("LockTaken", Assert.Single(early.Errors).ErrorId);
                LockLease left = await LockLease.ReadAsync(scenario.Etcd);
                Assert.Equal("etcdmaint/lock", left.Keys);
                Assert.True(left.Granted >= TimeSpan.FromMinutes(1), $"{left}");

                // A run that writes no key of its own still reads it.
                RunRecorder late = await scenario.RunAsync(r => r with { NoClusterLock = true });
                Assert.Equal("LockTaken", Assert.Single(late.Errors).ErrorId);

                // No run renews the lease: its remaining time only decreases.
                LockLease less = left;
                await Poll.UntilAsync(
                    async _ => (less = await LockLease.ReadAsync(scenario.Etcd)).Remaining < left.Remaining,
                    TimeSpan.FromSeconds(10),
                    "the remaining time of the lease decreases",
                    Cancellation
                );
                Assert.Equal(left with { Remaining = less.Remaining }, less);
                await LockLease.ExpireAsync(scenario.Etcd);
                await scenario.ProveAsync(early);
            }
        );
}

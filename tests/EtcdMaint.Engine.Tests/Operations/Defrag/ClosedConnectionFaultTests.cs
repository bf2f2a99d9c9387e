using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The connection is closed (<c>Disconnect-TestEtcdCluster</c>) while a run uses it.</summary>
[Trait("Kind", "Fault")]
public sealed class ClosedConnectionFaultTests
{
    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    [Theory]
    [MemberData(nameof(Newest))]
    public Task During_a_defragmentation_the_state_of_the_member_becomes_unknown(string release) =>
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
                        await scenario.Real.Cluster.DisposeAsync();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                Assert.Contains("closed", rows[0].Reason);
                await ProveAsync(scenario, run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task After_a_defragmentation_the_run_ends(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 1),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);

                        // As long as another member is unreachable the cluster is not stable, and the next member has
                        // to wait.
                        scenario.Proxy(scenario.Etcd.Members.First(m => m != member)).Cut();
                        await scenario.AnsweredAsync(member);
                        await scenario.Real.Cluster.DisposeAsync();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("ClusterNotCalm", Assert.Single(run.Errors).ErrorId);
                Assert.Contains("closed", rows[0].Reason);
                await ProveAsync(scenario, run);
            },
            behindProxies: true
        );

    /// <summary>
    /// The lock file is released at once. The key too, if a member could still be reached to delete it; otherwise it
    /// expires with its lease.
    /// </summary>
    private static async Task ProveAsync(FaultScenario scenario, RunRecorder run)
    {
        Assert.True(scenario.Took < TimeSpan.FromSeconds(20), $"It took {scenario.Took.TotalSeconds:0.0} s.");
        await scenario.HealAsync();
        await scenario.ReconnectAsync();
        await LockLease.ExpireIfLeftAsync(scenario.Etcd);
        await scenario.ProveAsync(run);
    }
}

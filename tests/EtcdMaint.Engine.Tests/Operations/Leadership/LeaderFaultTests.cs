using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Leadership;

/// <summary>The leader is defragmented last: in place, or after a transfer of the leadership.</summary>
[Trait("Kind", "Fault")]
public sealed class LeaderFaultTests
{
    private const int LeadersTurn = 3;

    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task With_KeepLeader_the_leader_stays_the_same(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember leader = await scenario.Etcd.LeaderAsync(Cancellation);
                RunRecorder run = await scenario.RunAsync(r => r with { KeepLeader = true });

                EtcdDefragResult last = run.Rows<EtcdDefragResult>()[^1];
                Assert.Equal(leader.Id, last.MemberId);
                Assert.True(last.WasLeader);
                Assert.Equal(0, last.TermChanges);
                Assert.Same(leader, await scenario.Etcd.LeaderAsync(Cancellation));
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task With_RequireLeaderMove_leadership_moves_to_a_member_that_is_done(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember leader = await scenario.Etcd.LeaderAsync(Cancellation);
                RunRecorder run = await scenario.RunAsync(r => r with { RequireLeaderMove = true });

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal(leader.Id, run.Rows<EtcdDefragResult>()[^1].MemberId);
                Assert.NotSame(leader, await scenario.Etcd.LeaderAsync(Cancellation));
                Assert.Contains($"Leadership moved from {leader.Name}", run.Story);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_leader_killed_during_the_transfer_and_restarted_has_its_turn(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { RequireLeaderMove = true },
                    turn: LeadersTurn,
                    before: leader => leader.KillAsync(Cancellation),
                    meanwhile: async leader =>
                    {
                        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
                        await leader.StartAsync(Cancellation);
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_leader_killed_permanently_during_the_transfer_ends_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { RequireLeaderMove = true },
                    turn: LeadersTurn,
                    before: leader => leader.KillAsync(Cancellation)
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(2, rows.Count(r => r.Status is EtcdDefragStatus.Defragmented));
                Assert.Equal(EtcdDefragStatus.NotAttempted, rows[^1].Status);
                Assert.Equal("MemberDown", Assert.Single(run.Errors).ErrorId);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(60), $"It took {scenario.Took.TotalSeconds:0.0} s.");
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_leader_that_is_not_a_target_keeps_the_leadership(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember leader = await scenario.Etcd.LeaderAsync(Cancellation);
                RunRecorder run = await scenario.RunAsync(r =>
                    r with
                    {
                        RequireLeaderMove = true,
                        Targets = [.. scenario.Targets.Where(t => t.Member.MemberId != leader.Id)],
                    }
                );

                Assert.Equal(2, run.Rows<EtcdDefragResult>().Count(r => r.Status is EtcdDefragStatus.Defragmented));
                Assert.Same(leader, await scenario.Etcd.LeaderAsync(Cancellation));
                Assert.DoesNotContain(EtcdLogs.Defragmentations(scenario.Etcd), d => d.Member == leader.Name);
            }
        );
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The cluster receives as many writes as it accepts during the whole run.</summary>
[Trait("Kind", "Fault")]
public sealed class HeavyWritesFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Newest => TestProfile.Newest;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_run_succeeds(string release) => RunAsync(release, leaderMoves: false);

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_run_that_moves_the_leader_succeeds(string release) => RunAsync(release, leaderMoves: true);

    private static Task RunAsync(string release, bool leaderMoves) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                scenario.WriteHeavily(32);
                foreach (ClusterMember follower in await scenario.FollowersAsync())
                    await scenario.SlowAsync(follower, 1);
                RunRecorder run = await scenario.RunAsync(r => r with { RequireLeaderMove = leaderMoves });

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.NotNull(r.WorstStall));
                await scenario.ProveAsync(run);
            }
        );
}

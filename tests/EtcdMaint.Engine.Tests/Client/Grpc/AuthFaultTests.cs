using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>Auth is enabled, and tokens expire during a defragmentation.</summary>
[Trait("Kind", "Fault")]
public sealed class AuthFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Newest => TestProfile.Newest;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task Logs_in_again_when_the_oldest_release_forgets_the_login(string release) => ExpireAsync(release);

    [Theory]
    [MemberData(nameof(Newest))]
    public Task Logs_in_again_when_the_newest_release_forgets_the_login(string release) => ExpireAsync(release);

    private static Task ExpireAsync(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                foreach (ClusterMember follower in await scenario.FollowersAsync())
                    await scenario.SlowAsync(follower, 3);
                RunRecorder run = await scenario.RunAsync();

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            },
            options => options with { Auth = true, AuthTokenTtl = TimeSpan.FromSeconds(2) }
        );
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>The network path to a member breaks, is cut for a while, or drops all packets.</summary>
[Trait("Kind", "Fault")]
public sealed class NetworkFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_connection_that_breaks_during_a_defragmentation_does_not_lose_its_outcome(string release) =>
        DuringAsync(
            release,
            3,
            async (scenario, member) =>
            {
                scenario.Proxy(member).Drop();
                await Task.CompletedTask;
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_path_that_is_cut_for_a_while_does_not_lose_the_outcome(string release) =>
        DuringAsync(
            release,
            2,
            async (scenario, member) =>
            {
                scenario.Proxy(member).Cut();
                await scenario.EndedAsync(member);
                await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
                scenario.Proxy(member).Heal();
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_path_that_drops_all_packets_for_a_while_does_not_lose_the_outcome(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(5) },
                    before: member => scenario.SlowAsync(member, 1.5),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        scenario.Proxy(member).BlackHole();
                        await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
                        scenario.Proxy(member).Heal();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal("it took longer than the time limit", run.Rows<EtcdDefragResult>()[0].Reason);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_path_that_stays_cut_ends_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(3), ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 1),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        scenario.Proxy(member).Cut();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task The_next_member_starts_only_when_all_members_are_reachable_again(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        NetworkProxy other = scenario.Proxy(scenario.Etcd.Members.First(m => m != member));
                        other.Cut();
                        await scenario.EndedAsync(member);
                        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
                        Assert.Single(EtcdLogs.Defragmentations(scenario.Etcd));
                        other.Heal();
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );

    private static Task DuringAsync(string release, double seconds, Func<FaultScenario, ClusterMember, Task> fault) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, seconds),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await fault(scenario, member);
                    }
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Equal("the connection broke during the defragmentation", run.Rows<EtcdDefragResult>()[0].Reason);
                Assert.Empty(run.Errors);
                Assert.Equal(3, EtcdLogs.Defragmentations(scenario.Etcd).Count);
                await scenario.ProveAsync(run);
            },
            behindProxies: true
        );
}

using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Connecting.Endpoint;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>Another client defragments (<c>etcdctl defrag</c>) before or during a run.</summary>
[Trait("Kind", "Fault")]
public sealed class ForeignDefragFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_running_one_is_waited_for(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember member = scenario.Etcd.Members[1];
                await scenario.SlowAsync(member, 3);
                Task<CommandResult> foreign = ByHandAsync(scenario, member);
                await scenario.BegunAsync(member);
                RunRecorder run = await scenario.RunAsync();

                (await foreign).OutputOrThrow();
                Assert.Single(run.Warnings, w => w.StartsWith("DefragInFlight: "));
                Assert.Contains("progress: A defragmentation that this run did not start", run.Story);
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    /// <summary>
    /// The gates have already passed, and both the renewal of the lock and the probes could be blocked by it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Middle))]
    public Task One_that_starts_after_the_confirmation_is_waited_for(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Task<CommandResult>? foreign = null;
                ClusterMember? other = null;
                RunRecorder run = await scenario.RunAsync(before: async member =>
                {
                    other = scenario.Etcd.Members.First(m => m != member);
                    await scenario.SlowAsync(other, 4);
                    foreign = ByHandAsync(scenario, other);
                    await scenario.BegunAsync(other);
                });

                (await foreign!).OutputOrThrow();
                Assert.Empty(run.Errors);
                Assert.DoesNotContain(run.Warnings, w => w.StartsWith("DefragOverlap"));
                IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(scenario.Etcd);
                Assert.Equal(other!.Name, logged[0].Member);
                Assert.True(logged[1].Started >= logged[0].Ended, string.Join('\n', logged));
                await scenario.ProveAsync(run, byHand: other);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task One_that_starts_on_another_member_is_reported_and_waited_for(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Task<CommandResult>? foreign = null;
                ClusterMember? other = null;
                RunRecorder run = await scenario.RunAsync(
                    before: async member =>
                    {
                        other = scenario.Etcd.Members.First(m => m != member);
                        await scenario.SlowAsync(member, 5);
                        await scenario.SlowAsync(other, 8);
                    },
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        foreign = ByHandAsync(scenario, other!);
                        await foreign;
                    }
                );

                (await foreign!).OutputOrThrow();
                Assert.Contains(
                    run.Warnings,
                    w => w.StartsWith($"DefragOverlap: Another tool defragmented {other!.Name}")
                );
                Assert.Empty(run.Errors);

                // Two defragmentations overlapped, not caused by the run; but its second member waited for both to end.
                IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(scenario.Etcd);
                Assert.True(
                    logged[2].Started > logged[0].Ended && logged[2].Started > logged[1].Ended,
                    string.Join('\n', logged)
                );
                await scenario.ProveAsync(run, byHand: other);
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task One_that_is_queued_behind_the_run_on_the_same_member_is_waited_for(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                Task<CommandResult>? foreign = null;
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 2),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        foreign = ByHandAsync(scenario, member);
                        await foreign;
                    }
                );

                (await foreign!).OutputOrThrow();
                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
                Assert.Empty(run.Errors);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task One_that_takes_longer_than_the_wait_limit_ends_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember member = scenario.Etcd.Members[1];
                await scenario.SlowAsync(member, 60);
                Task<CommandResult> foreign = ByHandAsync(scenario, member);
                await scenario.BegunAsync(member);
                var clock = new SkippingClock();
                var run = new RunRecorder
                {
                    OnWarned = line =>
                        clock.Skip(line.Contains("did not start") ? TimeSpan.FromMinutes(31) : TimeSpan.Zero),
                };
                await using EtcdCluster cluster = Connect(scenario, clock);
                await cluster.DefragmentAsync(
                    new DefragRequest
                    {
                        Targets = scenario.Targets,
                        CallTimeout = RealCluster.Timeout,
                        Override = RealCluster.UnseenDisk,
                    },
                    run,
                    Cancellation
                );

                Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
                EtcdException error = Assert.Single(run.Errors);
                Assert.Equal("DefragInFlight", error.ErrorId);
                Assert.Equal(member.Id, error.Target);
                await scenario.SpeedUpAsync();
                (await foreign).OutputOrThrow();
                Assert.Equal(member.Name, Assert.Single(EtcdLogs.Defragmentations(scenario.Etcd)).Member);
                await scenario.ProveAsync(run, byHand: member);
            }
        );

    /// <summary>A separate connection that uses that clock.</summary>
    private static EtcdCluster Connect(FaultScenario scenario, TimeProvider clock)
    {
        EtcdEndpoint[] endpoints =
        [
            .. scenario.Etcd.ClientUrls.Select(url => EtcdEndpoint.Parse(url, tlsWhenUnsaid: false)),
        ];
        var members = new EndpointMemberSource(
            endpoints,
            true,
            TlsLoader.Load(new TlsRequest()),
            null,
            new TcpDialer()
        );
        return new EtcdCluster(
            new FoundCluster("test", EtcdAccess.Endpoint, [.. scenario.Etcd.ClientUrls], null, members),
            null,
            clock
        );
    }

    private static Task<CommandResult> ByHandAsync(FaultScenario scenario, ClusterMember member) =>
        scenario.Etcd.EtcdctlAsync(
            ["defrag", "--endpoints", member.ClientUrl, "--command-timeout", "60s"],
            Cancellation
        );
}

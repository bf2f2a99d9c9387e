using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Gates;

/// <summary>A defragmentation waits for the end of a snapshot that the member sends, so the run waits first.</summary>
[Trait("Kind", "Fault")]
public sealed class SnapshotRunningFaultTests
{
    /// <summary>Long enough for a loaded machine, and far shorter than a stalled snapshot.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(60);

    private static readonly HttpClient Http = new();

    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    [MemberData(nameof(Middle))]
    public Task A_run_waits_for_the_snapshot_stream_of_another_client(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember follower = (await scenario.FollowersAsync())[0];
                using StalledSnapshot snapshot = await StalledSnapshot.OpenAsync(follower, Cancellation);
                string announced = $"{follower.Name} is sending a snapshot to a client";
                var run = new RunRecorder
                {
                    OnWarned = line => EndWhen(line.Contains(announced, StringComparison.Ordinal), snapshot.Dispose),
                };
                await scenario.Real.DefragmentAsync(r => WithLimit(r), run);

                Assert.Contains(announced, run.Story, StringComparison.Ordinal);
                AssertAllDone(run);
                await scenario.ProveAsync(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_run_waits_while_the_leader_sends_its_database_to_a_learner(string release)
    {
        Assert.SkipWhen(
            release is "3.4",
            "etcd 3.4 has no option for the number of entries that it keeps for members that are behind."
        );
        return FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                await scenario.WriteNoMoreAsync();
                await scenario.Etcd.Loader.LoadAsync(20_000_000, 0, cancellation: Cancellation);
                ClusterMember leader = await scenario.Etcd.LeaderAsync(Cancellation);
                NetworkProxy? toLearner = null;
                await scenario.Etcd.LaunchLearnerAsync(url => (toLearner = Held(url)).Url, Cancellation);
                await using NetworkProxy proxy = toLearner!;
                await SendsAsync(leader);

                string announced = $"{leader.Name} is sending a snapshot to another member of the cluster";
                var run = new RunRecorder
                {
                    OnWarned = line => EndWhen(line.Contains(announced, StringComparison.Ordinal), proxy.Heal),
                };
                await scenario.Real.DefragmentAsync(r => WithLimit(r) with { Targets = scenario.Targets }, run);

                Assert.Contains(announced, run.Story, StringComparison.Ordinal);
                Assert.Equal(leader.Id, run.Rows<EtcdDefragResult>()[^1].MemberId);
                AssertAllDone(run);
            },
            options =>
                options with
                {
                    ExtraArguments = ["--snapshot-count=10", "--experimental-snapshot-catchup-entries=10"],
                }
        );
    }

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_snapshot_of_another_member_does_not_delay_the_run(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember[] followers = await scenario.FollowersAsync();
                using StalledSnapshot snapshot = await StalledSnapshot.OpenAsync(followers[1], Cancellation);
                RunRecorder run = await scenario.RunAsync(r =>
                    WithLimit(r) with
                    {
                        Targets = [.. scenario.Targets.Where(t => t.Member.MemberId == followers[0].Id)],
                    }
                );

                Assert.DoesNotContain("is sending a snapshot", run.Story, StringComparison.Ordinal);
                AssertAllDone(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_run_that_overrides_the_gate_does_not_wait(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember follower = (await scenario.FollowersAsync())[0];
                using StalledSnapshot snapshot = await StalledSnapshot.OpenAsync(follower, Cancellation);
                RunRecorder run = await scenario.RunAsync(
                    r =>
                        r with
                        {
                            Targets = [.. scenario.Targets.Where(t => t.Member.MemberId == follower.Id)],
                            Override = new HashSet<EtcdGate>(r.Override) { EtcdGate.SnapshotRunning },
                        },
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        snapshot.Dispose();
                    }
                );

                Assert.DoesNotContain("is sending a snapshot", run.Story, StringComparison.Ordinal);
                AssertAllDone(run);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task The_health_check_reports_the_snapshot_and_the_cluster_as_healthy(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember member = scenario.Etcd.Members[1];
                using StalledSnapshot snapshot = await StalledSnapshot.OpenAsync(member, Cancellation);
                EtcdHealthReport health = await scenario.Real.Cluster.CheckHealthAsync(
                    RealCluster.Timeout,
                    new RunRecorder(),
                    Cancellation
                );

                EtcdFinding finding = Assert.Single(health.Finding, f => f.FindingId == "SnapshotRunning");
                Assert.Equal((EtcdFindingSeverity.Information, member.Id), (finding.Severity, finding.MemberId));
                Assert.True(health.IsHealthy, health.ToString());
            }
        );

    private static DefragRequest WithLimit(DefragRequest request) =>
        request with
        {
            DefragTimeout = ShortPause,
            MinimumFreeBytes = 0,
        };

    private static NetworkProxy Held(string url)
    {
        NetworkProxy proxy = NetworkProxy.Start(new Uri(url));
        proxy.HoldAfter(200_000);
        return proxy;
    }

    private static Task SendsAsync(ClusterMember leader) =>
        Poll.UntilAsync(
            async token =>
                (await Http.GetStringAsync($"{leader.ClientUrl}/metrics", token))
                    .Split('\n')
                    .Any(line =>
                        line.StartsWith("etcd_network_snapshot_send_inflights_total", StringComparison.Ordinal)
                        && line.EndsWith(" 1", StringComparison.Ordinal)
                    ),
            EventTimeout,
            $"{leader.Name} sends a snapshot",
            Cancellation
        );

    private static void EndWhen(bool isAnnounced, Action end)
    {
        if (isAnnounced)
            end();
    }

    private static void AssertAllDone(RunRecorder run)
    {
        Assert.Empty(run.Errors);
        Assert.All(
            run.Rows<EtcdDefragResult>(),
            r =>
            {
                Assert.Equal(EtcdDefragStatus.Defragmented, r.Status);
                Assert.True(r.Duration < ShortPause, $"{r} took {r.Duration}.");
            }
        );
    }
}

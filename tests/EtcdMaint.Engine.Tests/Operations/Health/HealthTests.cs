using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Health;

/// <summary>What a health check finds on healthy and unhealthy real clusters.</summary>
[Trait("Kind", "Real")]
public sealed class HealthTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_cluster_is_healthy_until_a_problem_occurs(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                QuotaBytes = 24_000_000,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await real.Etcd.Loader.LoadAsync(1_000_000, 2_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        EtcdHealthReport well = await CheckAsync(real);
        Assert.True(well.IsHealthy, well.ToString());
        Assert.Equal(3, well.MemberStatus.Length);
        if (release != "3.4")
            Assert.DoesNotContain(well.Finding, f => f.FindingId.StartsWith("Hash", StringComparison.Ordinal));

        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        EtcdHealthReport full = await CheckAsync(real);
        Assert.False(full.IsHealthy);
        Assert.Contains(full.Finding, f => f.FindingId == "NoSpaceArmed");

        await real.Etcd.Members[0].KillAsync(Cancellation);
        EtcdHealthReport down = await CheckAsync(real);
        Assert.Contains(down.Finding, f => f.FindingId == "MemberDown");
        Assert.Equal(1, down.MemberStatus.Count(m => !m.IsReachable));
    }

    [Fact]
    public async Task A_few_large_revisions_that_were_never_compacted_are_not_live_data()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { QuotaBytes = 24_000_000 });
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        EtcdFinding finding = Assert.Single((await CheckAsync(real)).Finding, f => f.FindingId == "LiveDataOverQuota");
        Assert.Equal(EtcdFindingSeverity.Warning, finding.Severity);
        Assert.StartsWith("Live data and history of", finding.Message, StringComparison.Ordinal);
        Assert.StartsWith("Compact.", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.4")]
    [InlineData("3.5.30")]
    public async Task A_cluster_without_space_names_its_three_largest_resources(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                QuotaBytes = 24_000_000,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );

        // With this seed, each of the largest resources has 1.7 times the bytes of the next one. The sizes are
        // estimates that differ from the truth by up to 8 % (300 estimates), so their order is certain.
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Keys = 6000, Seed = 266 });
        await real.Etcd.Loader.LoadAsync(objects, cancellation: Cancellation);
        EtcdHealthReport report = await CheckAsync(real);
        Assert.Empty(report.LargestResource);

        // The history of few keys fills the rest, so that the largest resources remain the same.
        while (report.Finding.All(f => f.FindingId != "NearQuota"))
        {
            await real.Etcd.Loader.LoadAsync(100_000, 500_000, cancellation: Cancellation);
            report = await CheckAsync(real);
        }
        AssertNamed(report, "NearQuota", objects);

        await real.Etcd.Loader.FillUntilNoSpaceAsync(valueBytes: 1000, cancellation: Cancellation);
        AssertNamed(await CheckAsync(real), "NoSpaceArmed", objects);
    }

    [Fact]
    public async Task Members_with_nothing_to_reclaim_are_shown_by_name()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        RunRecorder run = await real.DefragmentAsync(r => r with { PlanOnly = true, MinimumFreeBytes = 1_000_000_000 });
        Assert.Equal(
            real.Etcd.Members.Select(m => (m.Name, EtcdDefragStatus.Skipped)).Order(),
            run.Rows<EtcdDefragResult>().Select(r => (r.MemberName, r.Status))
        );
    }

    [Fact]
    public async Task A_restarted_member_is_the_reason_why_hashes_are_not_compared_until_the_next_compaction()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await CompactNewHistoryAsync(real);
        await CompactNewHistoryAsync(real);
        await real.Etcd.Members[1].RestartAsync(Cancellation);

        EtcdHealthReport restarted = await CheckAsync(real);
        EtcdFinding finding = Assert.Single(restarted.Finding, f => f.FindingId == "HashNotCompared");
        string[] names = [.. real.Etcd.Members.Select(m => m.Name)];
        Assert.Equal(
            $"The members' data was not compared: {names[1]} has no hash that is comparable with those of {names[0]} "
                + $"and {names[2]}, because it was started after the compaction to revision "
                + $"{restarted.CompactedRevision} or is still compacting.",
            finding.Message
        );

        await CompactNewHistoryAsync(real);
        EtcdHealthReport compacted = await CheckAsync(real);
        Assert.Equal(3, compacted.Hash.Length);
        Assert.DoesNotContain(compacted.Finding, f => f.FindingId.StartsWith("Hash", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Leadership_moves_to_the_requested_member_or_the_best_voter(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        IReadOnlyList<MemberTarget> members = await real.TargetsAsync();
        string leader = (await real.Etcd.LeaderAsync(Cancellation)).Id;
        EtcdMember to = members.First(m => m.Member.MemberId != leader).Member;

        var recorder = new RunRecorder();
        EtcdMemberStatus? moved = await real.Cluster.MoveLeaderAsync(to, RealCluster.Timeout, recorder, Cancellation);
        output.WriteLine(recorder.Story);
        Assert.Equal(to.MemberId, moved?.MemberId);
        Assert.True(moved?.IsLeader);

        EtcdMemberStatus? best = await real.Cluster.MoveLeaderAsync(null, RealCluster.Timeout, recorder, Cancellation);
        Assert.NotEqual(to.MemberId, best?.MemberId);
        Assert.True(best?.IsLeader);
    }

    private static void AssertNamed(EtcdHealthReport report, string findingId, KubernetesObjects objects)
    {
        string[] largest =
        [
            .. objects
                .Usage.GroupBy(usage => usage.Resource ?? usage.Prefix)
                .OrderByDescending(group => group.Sum(usage => usage.Bytes))
                .Select(group => group.Key)
                .Take(3),
        ];
        const string Size = @" [\d.]+ [kM]B";
        Assert.Matches(
            $"Largest: {string.Join($"{Size}, ", largest)}{Size}\\. Get-EtcdSpaceUsage shows all\\.$",
            report.Finding.First(f => f.FindingId == findingId).RecommendedAction
        );
        Assert.Equal(largest, report.LargestResource.Take(3).Select(row => row.ToString()));
    }

    private static async Task CompactNewHistoryAsync(RealCluster real)
    {
        await real.Etcd.KeyValues.PutAsync("key", "value", cancellation: Cancellation);
        await real.CompactAsync();
    }

    private async Task<EtcdHealthReport> CheckAsync(RealCluster real)
    {
        EtcdHealthReport report = await real.Cluster.CheckHealthAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        IEnumerable<string> findings = report.Finding.Select(f => $"{f.Severity} {f} {f.RecommendedAction}");
        output.WriteLine(string.Join(Environment.NewLine, findings));
        output.WriteLine("--");
        return report;
    }
}

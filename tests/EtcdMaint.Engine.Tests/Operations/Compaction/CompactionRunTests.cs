using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>A compaction is complete when every member has removed its own history.</summary>
[Collection<SimulatedClusters>]
public sealed class CompactionRunTests
{
    private readonly CalmCluster _cluster = new();

    private EtcdCompactionResult[] Rows => [.. _cluster.Pipeline.Out.OfType<EtcdCompactionResult>()];

    [Fact]
    public async Task Every_member_has_removed_its_history_when_its_row_is_written()
    {
        _cluster[1].CompactsIn = TimeSpan.FromSeconds(8);
        await _cluster.CompactAsync();
        AssertRows(EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Compacted);
        Assert.All(Rows, r => Assert.Equal((1000, 100_000_000), (r.Revision, r.DbSizeInUse)));
        Assert.True(Rows[1].Duration >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_member_slower_than_the_call_timeout_is_asked_again()
    {
        _cluster[2].CompactsIn = TimeSpan.FromMinutes(5);
        await _cluster.CompactAsync();
        Assert.All(Rows, r => Assert.Equal(EtcdCompactionStatus.Compacted, r.Status));
        Assert.True(Rows[2].Duration >= TimeSpan.FromMinutes(4));
        Assert.Contains("m2 is still compacting", _cluster.Pipeline.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compaction_slower_than_the_call_timeout_on_all_members_still_succeeds()
    {
        foreach (int i in new[] { 0, 1, 2 })
            _cluster[i].CompactsIn = TimeSpan.FromMinutes(1);
        await _cluster.CompactAsync();
        AssertRows(EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Compacted);
    }

    [Fact]
    public async Task An_already_compacted_revision_is_success()
    {
        await _cluster.CompactAsync();
        await _cluster.CompactAsync();
        Assert.All(Rows[3..], r => Assert.Equal(EtcdCompactionStatus.AlreadyCompacted, r.Status));
        Assert.Empty(_cluster.Pipeline.Errors);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 900L)]
    [InlineData(true, 900L)]
    public async Task An_already_compacted_revision_is_not_sent_and_not_reported_as_done(bool isPlan, long? revision)
    {
        await _cluster.CompactAsync();
        Assert.Single(Asked());
        await _cluster.CompactAsync(r => r with { PlanOnly = isPlan, Revision = revision });
        Assert.Single(Asked());
        Assert.Equal(3, Rows[3..].Length);
        Assert.All(
            Rows[3..],
            r => Assert.Equal((EtcdCompactionStatus.AlreadyCompacted, isPlan), (r.Status, r.Member!.IsPlanned))
        );

        _cluster.Etcd.Revision += 10;
        await _cluster.CompactAsync(r => r with { PlanOnly = isPlan });
        Assert.Equal(2, Asked().Length);
    }

    [Theory]
    [InlineData(0L, 0, "revision 0 is before the first revision, so there is nothing to compact")]
    [InlineData(null, 1000, "all history is kept: the cluster has no more than 1,000 revisions")]
    public async Task The_reason_says_why_nothing_is_compacted(long? given, long kept, string reason)
    {
        await _cluster.CompactAsync(r => r with { Revision = given, KeepRevisions = kept });
        Assert.All(Rows, r => Assert.Equal((EtcdCompactionStatus.Skipped, reason), (r.Status, r.Reason)));
        Assert.Equal(3, Rows.Length);
    }

    [Theory]
    [InlineData(null, 0, 1000)]
    [InlineData(null, 400, 600)]
    [InlineData(null, 999, 1)]
    [InlineData(123L, 0, 123)]
    public async Task The_revision_is_the_given_one_or_the_newest_minus_the_kept_revisions(
        long? given,
        long kept,
        long expected
    )
    {
        await _cluster.CompactAsync(r => r with { Revision = given, KeepRevisions = kept });
        Assert.All(Rows, r => Assert.Equal(expected, r.Revision));
        Assert.Equal(expected, _cluster.Etcd.Compacted);
    }

    [Fact]
    public async Task With_fewer_revisions_than_are_kept_nothing_is_compacted()
    {
        await _cluster.CompactAsync(r => r with { KeepRevisions = 1000 });
        Assert.All(Rows, r => Assert.Equal(EtcdCompactionStatus.Skipped, r.Status));
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task A_future_revision_is_refused_before_anything_is_sent()
    {
        await _cluster.CompactAsync(r => r with { Revision = 1001 });
        Assert.Equal("RevisionInFuture", Assert.Single(_cluster.Pipeline.Errors).ErrorId);
        AssertRows(
            EtcdCompactionStatus.NotAttempted,
            EtcdCompactionStatus.NotAttempted,
            EtcdCompactionStatus.NotAttempted
        );
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task A_cluster_in_which_no_member_answers_gives_a_row_for_each_member()
    {
        foreach (int i in new[] { 0, 1, 2 })
            _cluster[i].Kill();
        await _cluster.CompactAsync();
        AssertRows(
            EtcdCompactionStatus.NotAttempted,
            EtcdCompactionStatus.NotAttempted,
            EtcdCompactionStatus.NotAttempted
        );
        Assert.Equal("EndpointRefused", Assert.Single(_cluster.Pipeline.Errors).ErrorId);
    }

    [Fact]
    public async Task A_member_that_is_down_fails_without_affecting_the_others()
    {
        _cluster[1].Kill();
        await _cluster.CompactAsync();
        AssertRows(EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Failed, EtcdCompactionStatus.Compacted);
        Assert.Single(_cluster.Pipeline.Errors);
    }

    [Fact]
    public async Task A_member_that_does_not_answer_does_not_delay_the_others_indefinitely()
    {
        _cluster[2].Suspend();
        await _cluster.CompactAsync();
        AssertRows(EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Compacted, EtcdCompactionStatus.Failed);
        Assert.True(_cluster.Time.Now < TimeSpan.FromMinutes(2), _cluster.Time.Now.ToString());
    }

    [Fact]
    public async Task Learners_and_members_that_failed_upstream_are_not_asked()
    {
        var cluster = new CalmCluster(learners: 1);
        MemberTarget[] targets = [.. cluster.Targets];
        targets[0] = targets[0] with { Upstream = UpstreamState.Failed, Reason = "it failed" };
        await cluster.CompactAsync(r => r with { Targets = targets });
        Assert.Equal(
            [
                ("m0", EtcdCompactionStatus.NotAttempted),
                ("m3", EtcdCompactionStatus.Skipped),
                ("m1", EtcdCompactionStatus.Compacted),
                ("m2", EtcdCompactionStatus.Compacted),
            ],
            cluster.Pipeline.Out.OfType<EtcdCompactionResult>().Select(r => (r.MemberName, r.Status))
        );
        Assert.Equal(["m1", "m2"], cluster.Etcd.Log.MembersOf("Compact").Distinct().Order());
    }

    [Fact]
    public async Task A_plan_shows_the_revision_and_sends_nothing()
    {
        await _cluster.CompactAsync(r => r with { PlanOnly = true });
        Assert.All(Rows, r => Assert.Equal((EtcdCompactionStatus.Planned, 1000L), (r.Status, r.Revision)));
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Theory]
    [InlineData(EtcdCompactionStatus.Planned, 0)]
    [InlineData(EtcdCompactionStatus.Skipped, 100_000)]
    public async Task Every_row_of_a_plan_is_marked_as_planned(EtcdCompactionStatus status, long keep)
    {
        await _cluster.CompactAsync(r => r with { PlanOnly = true, KeepRevisions = keep });
        Assert.Equal(3, Rows.Length);
        Assert.All(Rows, r => Assert.Equal((status, true), (r.Status, r.Member!.IsPlanned)));
    }

    [Fact]
    public async Task No_row_of_a_run_is_marked_as_planned()
    {
        await _cluster.CompactAsync();
        Assert.All(Rows, r => Assert.False(r.Member!.IsPlanned));
    }

    [Fact]
    public async Task On_3_4_a_second_compaction_makes_the_freed_pages_visible()
    {
        var cluster = new CalmCluster(version: "3.4.23");
        await cluster.CompactAsync();
        Assert.Equal(6, cluster.Etcd.Log.MembersOf("Compact").Count());
        Assert.All(
            cluster.Pipeline.Out.OfType<EtcdCompactionResult>(),
            r => Assert.Equal(EtcdCompactionStatus.Compacted, r.Status)
        );
    }

    private string[] Asked() =>
        [
            .. _cluster
                .Pipeline.Story.Split('\n')
                .Where(l => l.Contains("asked: Compact to revision", StringComparison.Ordinal)),
        ];

    private void AssertRows(params EtcdCompactionStatus[] expected) =>
        Assert.Equal(expected, Rows.Select(r => r.Status));
}

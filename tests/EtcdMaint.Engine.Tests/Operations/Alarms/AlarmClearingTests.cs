using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Alarms;

/// <summary>An alarm is cleared only if it will stay cleared, and only the requested kind.</summary>
[Collection<SimulatedClusters>]
public sealed class AlarmClearingTests
{
    private readonly CalmCluster _cluster = new();

    [Fact]
    public async Task Each_alarm_is_cleared_separately_and_monitored()
    {
        Arm(0, 2);
        await _cluster.ClearAlarmsAsync();
        AssertRows(EtcdAlarmStatus.Cleared, EtcdAlarmStatus.Cleared);
        Assert.Empty(_cluster.Etcd.Alarms);
        Assert.Equal(2, _cluster.Etcd.Log.MembersOf("Disarm").Count());
    }

    [Fact]
    public async Task An_alarm_that_was_cleared_before_a_failure_gets_its_row()
    {
        Arm(0, 2);
        _cluster.Etcd.Disarmed = () => _cluster.Etcd.Voters.ToList().ForEach(v => v.Set(NetworkState.Refusing));
        await _cluster.ClearAlarmsAsync();
        AssertRows(EtcdAlarmStatus.Cleared);
        Assert.Equal("not observed afterwards", _cluster.Pipeline.Out.OfType<EtcdAlarm>().Single().Reason);
        Assert.NotEmpty(_cluster.Pipeline.Errors);
        Assert.Single(_cluster.Etcd.Alarms);
    }

    [Fact]
    public async Task After_a_planned_compaction_the_current_sizes_do_not_count()
    {
        Arm(1);
        _cluster[1].DbSize = 2_100_000_000;
        await AssertAsync("OverQuota");
        await _cluster.ClearAlarmsAsync(r =>
            r with
            {
                PlanOnly = true,
                Targets = [.. _cluster.Targets.Select(t => t with { Upstream = UpstreamState.Planned })],
            }
        );
        AssertRows(EtcdAlarmStatus.Planned);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task Every_row_of_a_plan_is_marked_as_planned()
    {
        Arm(0, 1);
        MemberTarget[] targets = [.. _cluster.Targets];
        targets[0] = targets[0] with { Upstream = UpstreamState.Failed, Reason = "it failed" };
        await _cluster.ClearAlarmsAsync(r => r with { PlanOnly = true, Targets = targets });
        AssertRows(EtcdAlarmStatus.NotAttempted, EtcdAlarmStatus.Planned);
        Assert.All(_cluster.Pipeline.Out.OfType<EtcdAlarm>(), alarm => Assert.True(alarm.Member!.IsPlanned));
    }

    [Fact]
    public async Task Without_an_alarm_nothing_is_written()
    {
        await _cluster.ClearAlarmsAsync();
        Assert.Empty(_cluster.Pipeline.Out);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Theory]
    [InlineData(1_800_000_000, false)]
    [InlineData(1_800_000_001, true)]
    public async Task A_voter_above_the_allowed_share_of_its_quota_keeps_the_alarm_armed(long size, bool isRefused)
    {
        Arm(0);
        _cluster[1].DbSize = size;
        await AssertAsync(isRefused ? "OverQuota" : null);
    }

    [Fact]
    public async Task Each_member_is_compared_with_its_own_quota()
    {
        Arm(0);
        _cluster[1].Quota = 500_000_000;
        await AssertAsync("OverQuota");
    }

    [Fact]
    public async Task A_learner_over_its_quota_keeps_the_alarm_armed_and_the_error_names_the_remedy()
    {
        var cluster = new CalmCluster(learners: 1);
        cluster[3].DbSize = 3_000_000_000;
        cluster.Etcd.Arm(cluster[3], EtcdAlarmType.NoSpace);
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() => cluster.ClearAlarmsAsync());
        Assert.Equal("OverQuota", error.ErrorId);
        Assert.Contains("learner m3", error.Message, StringComparison.Ordinal);
        Assert.Contains("promote it", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("Compact", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task A_learner_that_does_not_answer_gives_a_warning()
    {
        var cluster = new CalmCluster(learners: 1);
        cluster.Etcd.Arm(cluster[0], EtcdAlarmType.NoSpace);
        cluster[3].Kill();
        await cluster.ClearAlarmsAsync();
        Assert.Empty(cluster.Etcd.Alarms);
        Assert.StartsWith("LearnerNotChecked: ", Assert.Single(cluster.Pipeline.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clearing_one_of_several_alarms_is_refused_if_they_can_only_be_disarmed_together(bool isPlan)
    {
        _cluster.Etcd.DisarmsTogether = true;
        Arm(0, 1, 2);
        MemberCallException error = await Assert.ThrowsAsync<MemberCallException>(() =>
            _cluster.ClearAlarmsAsync(r => r with { PlanOnly = isPlan, Targets = [_cluster.Targets[1]] })
        );
        Assert.Equal("AlarmsInseparable", error.ErrorId);
        Assert.Empty(_cluster.Pipeline.Out.OfType<EtcdAlarm>());
        Assert.Equal(3, _cluster.Etcd.Alarms.Count);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task One_call_disarms_all_alarms_with_a_row_each_if_they_can_only_be_disarmed_together()
    {
        _cluster.Etcd.DisarmsTogether = true;
        Arm(0, 1, 2);
        await _cluster.ClearAlarmsAsync();
        AssertRows(EtcdAlarmStatus.Cleared, EtcdAlarmStatus.Cleared, EtcdAlarmStatus.Cleared);
        Assert.Single(_cluster.Etcd.Log.MembersOf("Disarm"));
    }

    [Fact]
    public async Task Another_alarm_type_is_refused_before_any_write_if_alarms_can_only_be_disarmed_together()
    {
        _cluster.Etcd.DisarmsTogether = true;
        Arm(0);
        _cluster.Etcd.Arm(_cluster[1], EtcdAlarmType.Corrupt);
        MemberCallException error = await Assert.ThrowsAsync<MemberCallException>(() =>
            _cluster.ClearAlarmsAsync(r => r with { AlarmType = EtcdAlarmType.Corrupt })
        );
        Assert.Equal("AlarmTypesInseparable", error.ErrorId);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task An_unknown_quota_is_refused_unless_overridden()
    {
        var cluster = new CalmCluster(version: "3.5.30");
        cluster[1].HasMetrics = false;
        cluster.Etcd.Arm(cluster[0], EtcdAlarmType.NoSpace);
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() => cluster.ClearAlarmsAsync());
        Assert.Equal("QuotaUnknown", error.ErrorId);
        Assert.Empty(cluster.Etcd.Log.Writes);
        await cluster.ClearAlarmsAsync(r => r with { Override = new HashSet<EtcdGate> { EtcdGate.QuotaUnknown } });
        Assert.Empty(cluster.Etcd.Alarms);
    }

    [Fact]
    public async Task An_alarm_far_below_the_quota_from_the_settings_disproves_that_quota()
    {
        CalmCluster cluster = Suggesting(2L << 30);
        Shrink(cluster);
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() => cluster.ClearAlarmsAsync());
        Assert.Equal("QuotaUnknown", error.ErrorId);
        Assert.Contains("NOSPACE was armed although", error.Message);
        Assert.Empty(cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task An_alarm_near_the_quota_from_the_settings_is_cleared_after_the_file_has_shrunk()
    {
        CalmCluster cluster = Suggesting(500_000_000);
        Assert.Equal("OverQuota", (await Assert.ThrowsAsync<EtcdException>(() => cluster.ClearAlarmsAsync())).ErrorId);
        Shrink(cluster);
        await cluster.ClearAlarmsAsync();
        Assert.Empty(cluster.Etcd.Alarms);
    }

    [Theory]
    [InlineData(32L << 20, true)]
    [InlineData(1L << 30, false)]
    public async Task The_quota_given_to_the_connection_takes_precedence_over_the_settings(long given, bool isOver)
    {
        CalmCluster cluster = Suggesting(isOver ? 2L << 30 : 32L << 20, given);
        Shrink(cluster);
        if (isOver)
            Assert.Equal(
                "OverQuota",
                (await Assert.ThrowsAsync<EtcdException>(() => cluster.ClearAlarmsAsync())).ErrorId
            );
        else
            await cluster.ClearAlarmsAsync();
        Assert.Equal(isOver, cluster.Etcd.Alarms.Count > 0);
    }

    private static CalmCluster Suggesting(long quota, long? given = null)
    {
        var cluster = new CalmCluster(version: "3.5.30", givenQuota: given);
        foreach (SimulatedMember member in cluster.Etcd.Members)
            (member.HasMetrics, member.SuggestedQuota) = (false, quota);
        cluster.Etcd.Arm(cluster[0], EtcdAlarmType.NoSpace);
        return cluster;
    }

    private static void Shrink(CalmCluster cluster)
    {
        foreach (SimulatedMember member in cluster.Etcd.Members)
            (member.DbSize, member.InUse) = (34_000_000, 1_000_000);
    }

    [Fact]
    public async Task An_override_for_an_unknown_quota_does_not_hide_a_member_over_its_quota()
    {
        var cluster = new CalmCluster(version: "3.5.30");
        cluster[1].HasMetrics = false;
        cluster[2].DbSize = 3_000_000_000;
        cluster.Etcd.Arm(cluster[0], EtcdAlarmType.NoSpace);
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() =>
            cluster.ClearAlarmsAsync(r => r with { Override = new HashSet<EtcdGate> { EtcdGate.QuotaUnknown } })
        );
        Assert.Equal("OverQuota", error.ErrorId);
    }

    [Fact]
    public async Task A_voter_that_is_down_is_refused_unless_overridden()
    {
        Arm(0);
        _cluster[2].Kill();
        await AssertAsync("MemberDown");
        await _cluster.ClearAlarmsAsync(r => r with { Override = new HashSet<EtcdGate> { EtcdGate.MemberDown } });
        Assert.Empty(_cluster.Etcd.Alarms);
    }

    [Fact]
    public async Task While_CORRUPT_is_armed_nothing_is_cleared_unless_CORRUPT_is_requested_by_name()
    {
        Arm(0);
        _cluster.Etcd.Arm(_cluster[1], EtcdAlarmType.Corrupt);
        await AssertAsync("CorruptArmed");
        Assert.Equal(2, _cluster.Etcd.Alarms.Count);
        await _cluster.ClearAlarmsAsync(r => r with { AlarmType = EtcdAlarmType.Corrupt });
        Assert.Equal([EtcdAlarmType.NoSpace], _cluster.Etcd.Alarms.Select(a => a.Type));
    }

    [Fact]
    public async Task A_piped_CORRUPT_alarm_does_not_count_as_requested_by_name()
    {
        _cluster.Etcd.Arm(_cluster[1], EtcdAlarmType.Corrupt);
        EtcdAlarm piped = new() { MemberId = HexId.Format(_cluster[1].Id), AlarmType = EtcdAlarmType.Corrupt };
        EtcdException error = await Assert.ThrowsAsync<EtcdException>(() =>
            _cluster.ClearAlarmsAsync(r => r with { Alarms = [piped] })
        );
        Assert.Equal("CorruptArmed", error.ErrorId);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task An_alarm_that_is_armed_again_is_an_error_after_its_row()
    {
        Arm(0);
        _cluster.Etcd.RearmsAfter = TimeSpan.FromSeconds(2);
        await _cluster.ClearAlarmsAsync();
        Assert.Equal(EtcdAlarmStatus.Armed, Assert.IsType<EtcdAlarm>(_cluster.Pipeline.Out[0]).Status);
        Assert.Equal("AlarmRearmed", Assert.IsType<EtcdException>(_cluster.Pipeline.Out[1]).ErrorId);
    }

    [Fact]
    public async Task An_alarm_that_is_armed_again_on_another_member_is_also_an_error()
    {
        Arm(0);
        _cluster.Etcd.RearmsAfter = TimeSpan.FromSeconds(2);
        _cluster.Etcd.RearmsOn = _cluster[1];
        await _cluster.ClearAlarmsAsync();
        AssertRows(EtcdAlarmStatus.Cleared, EtcdAlarmStatus.Armed);
        Assert.Equal("AlarmRearmed", Assert.IsType<EtcdException>(_cluster.Pipeline.Out[2]).ErrorId);
    }

    [Fact]
    public async Task A_plan_runs_all_checks_and_clears_nothing()
    {
        Arm(0, 1);
        await _cluster.ClearAlarmsAsync(r => r with { PlanOnly = true });
        AssertRows(EtcdAlarmStatus.Planned, EtcdAlarmStatus.Planned);
        Assert.Empty(_cluster.Etcd.Log.Writes);
    }

    [Fact]
    public async Task Alarms_of_members_that_failed_upstream_are_passed_on_unchanged()
    {
        Arm(0, 1);
        MemberTarget[] targets =
        [
            _cluster.Targets[0] with
            {
                Upstream = UpstreamState.Failed,
                Reason = "it failed",
            },
            _cluster.Targets[1],
        ];
        await _cluster.ClearAlarmsAsync(r => r with { Targets = targets });
        AssertRows(EtcdAlarmStatus.NotAttempted, EtcdAlarmStatus.Cleared);
        Assert.Equal([_cluster[0].Id], _cluster.Etcd.Alarms.Select(a => a.MemberId));
    }

    [Fact]
    public async Task The_alarm_of_a_removed_member_is_cleared_when_all_voters_are_given()
    {
        ArmedAlarm orphan = new(0x999, EtcdAlarmType.NoSpace);
        _cluster.Etcd.Alarms.Add(orphan);
        await _cluster.ClearAlarmsAsync(r => r with { Targets = [.. _cluster.Targets.Take(2)] });
        Assert.Equal([orphan], _cluster.Etcd.Alarms);
        Assert.StartsWith(
            "NoSpaceLeft: simulated still refuses writes",
            Assert.Single(_cluster.Pipeline.Warnings),
            StringComparison.Ordinal
        );

        await _cluster.ClearAlarmsAsync(r => r with { Targets = _cluster.Targets });
        AssertRows(EtcdAlarmStatus.Cleared);
        Assert.Empty(_cluster.Etcd.Alarms);
        Assert.Single(_cluster.Pipeline.Warnings);
    }

    [Fact]
    public async Task An_alarm_that_an_earlier_step_skipped_is_passed_on_unchanged()
    {
        Arm(0, 1);
        EtcdAlarm left = new()
        {
            MemberId = HexId.Format(_cluster[0].Id),
            AlarmType = EtcdAlarmType.NoSpace,
            Status = EtcdAlarmStatus.NotAttempted,
            Reason = "it failed",
        };
        EtcdAlarm read = new() { MemberId = HexId.Format(_cluster[1].Id), AlarmType = EtcdAlarmType.NoSpace };
        await _cluster.ClearAlarmsAsync(r => r with { Alarms = [left, read] });
        AssertRows(EtcdAlarmStatus.NotAttempted, EtcdAlarmStatus.Cleared);
        Assert.Equal("it failed", _cluster.Pipeline.Out.OfType<EtcdAlarm>().First().Reason);
        Assert.Equal([_cluster[0].Id], _cluster.Etcd.Alarms.Select(a => a.MemberId));
    }

    private void Arm(params int[] members)
    {
        foreach (int member in members)
            _cluster.Etcd.Arm(_cluster[member], EtcdAlarmType.NoSpace);
    }

    private async Task AssertAsync(string? errorId)
    {
        EtcdException? error = await Record.ExceptionAsync(() => _cluster.ClearAlarmsAsync()) as EtcdException;
        Assert.Equal(errorId, error?.ErrorId);
        Assert.Equal(errorId is not null, !_cluster.Etcd.Log.Writes.Any());
    }

    private void AssertRows(params EtcdAlarmStatus[] expected) =>
        Assert.Equal(expected, _cluster.Pipeline.Out.OfType<EtcdAlarm>().Select(a => a.Status));
}

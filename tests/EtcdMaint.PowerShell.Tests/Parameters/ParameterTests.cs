using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Parameters;

/// <summary>How parameters are converted to requests of the engine, and which combinations are rejected.</summary>
public sealed class ParameterTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData("Invoke-EtcdCompaction -Connection $c -Revision 5 -KeepRevisions 5", "RevisionChosenTwice")]
    [InlineData("Invoke-EtcdCompaction -Connection $c -Revision 5 -KeepDuration 00:05:00", "RevisionChosenTwice")]
    [InlineData("Invoke-EtcdCompaction -Connection $c -KeepDuration 300", "ParameterArgumentTransformationError")]
    [InlineData("Invoke-EtcdCompaction -Connection $c -KeepDuration 5:00", "ParameterArgumentTransformationError")]
    [InlineData("Invoke-EtcdCompaction -Connection $c -KeepDuration -0:5:0", "ParameterArgumentTransformationError")]
    [InlineData(
        "Invoke-EtcdMaintenance -Connection $c -KeepDuration ([timespan]::FromMinutes(-5))",
        "ParameterArgumentTransformationError"
    )]
    [InlineData("Invoke-EtcdCompaction -Connection $c -Revision -1", "RevisionNegative")]
    [InlineData("Invoke-EtcdCompaction -Connection $c -KeepRevisions -1", "RevisionNegative")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -KeepLeader -RequireLeaderMove", "LeaderRulesConflict")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -RequireLock -NoClusterLock", "LockRulesConflict")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MinimumFragmentationRatio 45", "ParameterArgumentValidationError")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MinimumFreeBytes -1", "ParameterArgumentValidationError")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -Override Quorum", "CannotConvertArgumentNoMessage")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -TimeoutSeconds 0", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdMember -Connection $c -InputObject $m", "AmbiguousParameterSet")]
    [InlineData("Save-EtcdSnapshot -Connection $c -Path Variable:before.db", "SnapshotPathNotFile")]
    [InlineData("Invoke-EtcdMaintenance -Connection $c -SnapshotPath Variable:before.db", "SnapshotPathNotFile")]
    [InlineData("Clear-EtcdAlarm -Connection $c -MaximumQuotaUsedRatio 1.5", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -CountOnly -Exact", "SpaceRulesConflict")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -Depth 0", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -Depth 65", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -SampleSeconds 0", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -SampleSeconds 86401", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -MaximumBytesPerSecond 65535", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -MaximumBytesPerSecond $unset", "ParameterArgumentValidationError")]
    [InlineData("Get-EtcdSpaceUsage -Connection $c -ThrottleLimit 0", "ParameterArgumentValidationError")]
    public void Invalid_input_gives_one_clear_error_and_nothing_is_sent(string call, string errorId)
    {
        Assert.Equal(errorId, _shell.RunToError(call, ("c", _cluster.Connection), ("m", _cluster.Members.ToArray())));
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("00:05:00")]
    [InlineData("([timespan]::FromMinutes(5))")]
    public void A_compaction_keeps_the_duration(string duration)
    {
        Assert.Empty(Run($"Invoke-EtcdCompaction -Connection $c -KeepDuration {duration}").ErrorText);
        Assert.Equal(TimeSpan.FromMinutes(5), Assert.Single(_cluster.Compactions).KeepDuration);
    }

    [Fact]
    public void Defrag_uses_the_defaults_of_the_cluster()
    {
        Assert.Empty(Run("Invoke-EtcdDefrag -Connection $c").ErrorText);
        DefragRequest request = Assert.Single(_cluster.Defrags);
        Assert.Null(request.MinimumFragmentationRatio);
        Assert.Null(request.MinimumFreeBytes);
        Assert.Null(request.MaximumStall);
        Assert.Equal(0, request.MaximumLeaseLost);
        Assert.Null(request.NotAfter);
        Assert.Null(request.When);
        Assert.Null(request.DefragTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), request.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(300), request.StopTimeout);
        Assert.Empty(request.Override);
    }

    [Fact]
    public void Defrag_passes_on_every_parameter()
    {
        Outcome outcome = Run(
            "Invoke-EtcdDefrag -Connection $c -MinimumFragmentationRatio 0 -MinimumFreeBytes 100MB "
                + "-KeepLeader -MaximumStallSeconds 1.5 -MaximumLeaseLost 3"
                + " -NotAfter 2031-02-03T04:05:06Z -ContinueOnError -Override MemberDown, QuotaUnknown "
                + "-RequireLock -StopWaitSeconds 7 -TimeoutSec 90"
        );
        Assert.Empty(outcome.ErrorText);
        DefragRequest request = Assert.Single(_cluster.Defrags);
        Assert.Equal(0, request.MinimumFragmentationRatio);
        Assert.Equal(100 * 1024 * 1024, request.MinimumFreeBytes);
        Assert.True(request.KeepLeader);
        Assert.Equal(TimeSpan.FromSeconds(1.5), request.MaximumStall);
        Assert.Equal(3, request.MaximumLeaseLost);
        Assert.Equal(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero), request.NotAfter);
        Assert.True(request.ContinueOnError);
        Assert.Equal([EtcdGate.MemberDown, EtcdGate.QuotaUnknown], request.Override);
        Assert.True(request.RequireLock);
        Assert.Equal(TimeSpan.FromSeconds(7), request.StopTimeout);
        Assert.Equal(TimeSpan.FromSeconds(90), request.DefragTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), request.CallTimeout);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("-MaximumLeaseLost 2", 2)]
    [InlineData("-MaximumLeaseLost $null", null)]
    public void Lost_leases_have_a_limit_unless_it_is_null(string parameter, int? maximum)
    {
        Assert.Empty(Run($"Invoke-EtcdDefrag -Connection $c {parameter}").ErrorText);
        Assert.Equal(maximum, Assert.Single(_cluster.Defrags).MaximumLeaseLost);
        Assert.Empty(Run($"Invoke-EtcdMaintenance -Connection $c {parameter}").ErrorText);
        Assert.Equal(maximum, Assert.Single(_cluster.Maintenances).Defrag.MaximumLeaseLost);
    }

    [Fact]
    public void Defrag_can_run_without_the_cluster_lock()
    {
        Assert.Empty(Run("Invoke-EtcdDefrag -Connection $c -NoClusterLock").ErrorText);
        Assert.True(Assert.Single(_cluster.Defrags).NoClusterLock);
    }

    [Fact]
    public void A_piped_CORRUPT_alarm_does_not_count_as_requested_by_name()
    {
        Outcome outcome = _shell.Run("$alarm | Clear-EtcdAlarm", ("alarm", _cluster.Alarm(0, EtcdAlarmType.Corrupt)));
        Assert.Empty(outcome.ErrorText);
        AlarmClearRequest request = Assert.Single(_cluster.Clears);
        Assert.Null(request.AlarmType);
        Assert.Equal(EtcdAlarmType.Corrupt, Assert.Single(request.Alarms!).AlarmType);
        Assert.Equal(0.9, request.MaximumQuotaUsedRatio);
    }

    [Fact]
    public void The_status_of_a_whole_cluster_is_read_with_one_call()
    {
        Outcome outcome = Run("Get-EtcdMemberStatus -Connection $c");
        Assert.Equal(3, outcome.Output.Count);
        Assert.Null(Assert.Single(_cluster.StatusAsked));
        Assert.Equal(["status"], _cluster.Calls);
    }

    [Fact]
    public void Lists_only_alarms_of_the_selected_members()
    {
        _cluster.Alarms = [_cluster.Alarm(0), _cluster.Alarm(1)];
        Assert.Equal(2, Run("Get-EtcdAlarm -Connection $c").Output.Count);
        Assert.Equal("etcd-2", Assert.IsType<EtcdAlarm>(Assert.Single(Run("$m[1] | Get-EtcdAlarm").Output)).MemberName);
    }

    [Fact]
    public void Piped_members_are_read_again()
    {
        _cluster.Members = [.. _cluster.Members.Take(2)];
        var all = new FakeCluster().Members;
        Outcome outcome = _shell.Run("$old | Get-EtcdMember", ("old", Rebind(all)));
        Assert.Equal(["etcd-1", "etcd-2"], outcome.Output.Cast<EtcdMember>().Select(member => member.MemberName));
        Assert.Equal(["MemberDeparted"], outcome.ErrorIds);
    }

    public void Dispose() => _shell.Dispose();

    private EtcdMember[] Rebind(IEnumerable<EtcdMember> members) =>
        [
            .. members.Select(member => new EtcdMember
            {
                ClusterName = member.ClusterName,
                ClusterId = member.ClusterId,
                MemberId = member.MemberId,
                MemberName = member.MemberName,
                Connection = _cluster.Connection,
            }),
        ];

    private Outcome Run(string script) =>
        _shell.Run(script, ("c", _cluster.Connection), ("m", _cluster.Members.ToArray()));
}

using System.Management.Automation;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Pipeline;

/// <summary>One line on the information stream sums up what a pipeline did.</summary>
public sealed class SummaryTests : IDisposable
{
    private const string Defragmented = "prod: 3 of 3 members defragmented, 6.2 GB reclaimed, longest pause 2.4 s";

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Fact]
    public void A_defragmentation_ends_with_one_line() =>
        Assert.Equal([$"{Defragmented}."], Lines("Invoke-EtcdDefrag -Connection $c"));

    [Fact]
    public void The_whole_line_has_one_summary_at_its_end()
    {
        _cluster.Alarms = [_cluster.Alarm(0), _cluster.Alarm(2)];
        _cluster.OnClear = (_, observer) =>
        {
            foreach (EtcdAlarm alarm in _cluster.Alarms)
                observer.Emit(alarm.As(EtcdAlarmStatus.Cleared));
        };
        const string line = "$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm";
        Assert.Equal([$"{Defragmented}; 2 alarms cleared."], Lines(line));
        Assert.Equal([$"{Defragmented}."], Lines("$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag"));
    }

    [Fact]
    public void Success_without_an_alarm_is_not_silent()
    {
        Assert.Equal(
            [$"{Defragmented}; no alarm cleared."],
            Lines("$m | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm")
        );
        Assert.Equal(["prod: no alarm cleared."], Lines("Clear-EtcdAlarm -Connection $c"));
    }

    [Fact]
    public void Members_that_failed_or_were_not_started_are_counted()
    {
        _cluster.OnDefrag = (_, observer, _) =>
        {
            observer.Emit(_cluster.Result(0, EtcdDefragStatus.Defragmented));
            observer.Emit(_cluster.Result(1, EtcdDefragStatus.Failed));
            observer.Emit(_cluster.Result(2, EtcdDefragStatus.NotAttempted));
            return Task.CompletedTask;
        };
        Assert.Equal(
            ["prod: 1 of 3 members defragmented, 1 failed, 1 not started, 2.1 GB reclaimed, longest pause 2.4 s."],
            Lines("Invoke-EtcdDefrag -Connection $c")
        );
    }

    [Fact]
    public void Maintenance_of_several_clusters_counts_the_outcomes()
    {
        var other = new FakeCluster("edge", "c2");
        _cluster.OnMaintain = (observer, _) =>
        {
            observer.Emit(
                Samples.Report(
                    "prod",
                    EtcdMaintenanceStatus.Succeeded,
                    "done",
                    _cluster.Result(0, EtcdDefragStatus.Defragmented)
                )
            );
            return Task.CompletedTask;
        };
        other.OnMaintain = (observer, _) =>
        {
            observer.Emit(Samples.Report("edge", EtcdMaintenanceStatus.NothingToDo, "no member would benefit"));
            return Task.CompletedTask;
        };
        Assert.Equal(
            [
                "2 clusters: 1 Succeeded, 1 NothingToDo; 1 of 1 member defragmented, 2.1 GB reclaimed, longest pause "
                    + "2.4 s.",
            ],
            Lines("Invoke-EtcdMaintenance -Connection $c, $o", ("o", other.Connection))
        );
    }

    [Theory]
    [InlineData("Invoke-EtcdDefrag -Connection $c -WhatIf")]
    [InlineData("$m | Invoke-EtcdCompaction -WhatIf | Invoke-EtcdDefrag | Clear-EtcdAlarm")]
    [InlineData("$null | Get-EtcdAlarm | Clear-EtcdAlarm")]
    [InlineData("Get-EtcdMemberStatus -Connection $c")]
    public void A_plan_and_an_empty_pipeline_have_no_summary(string line) => Assert.Empty(Lines(line));

    [Fact]
    public void The_line_is_tagged_and_can_be_turned_off()
    {
        InformationRecord record = Assert.Single(Records("Invoke-EtcdDefrag -Connection $c"));
        Assert.Equal(["EtcdMaint", "Summary"], record.Tags);
        Assert.DoesNotContain(Defragmented, _shell.Host.Screen, StringComparison.Ordinal);
        Outcome shown = Run("Invoke-EtcdDefrag -Connection $c -InformationAction Continue | Out-Null");
        Assert.Contains(Defragmented, shown.Screen, StringComparison.Ordinal);
        Outcome quiet = Run("$all = Invoke-EtcdDefrag -Connection $c -InformationAction Ignore *>&1; $all.Count");
        Assert.Equal([3], quiet.Output);
    }

    public void Dispose() => _shell.Dispose();

    private string[] Lines(string script, params (string Name, object? Value)[] more) =>
        [.. Records(script, more).Select(record => record.ToString())];

    private InformationRecord[] Records(string script, params (string Name, object? Value)[] more) =>
        [.. Run($"& {{ {script} }} 6>&1", more).Output.OfType<InformationRecord>()];

    private Outcome Run(string script, params (string Name, object? Value)[] more) =>
        _shell.Run(script, [("c", _cluster.Connection), ("m", _cluster.Members.ToArray()), .. more]);
}

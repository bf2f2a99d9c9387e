using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Members;

/// <summary>
/// How results that passed through Select-Object are used; the objects are created here as Select-Object creates them.
/// </summary>
public sealed class SelectedRecordTests : IDisposable
{
    private const string Select =
        "filter Select-Of([string] $type) { $bag = $_; if ($bag -isnot [EtcdMaint.EtcdMember]) { "
        + "$bag.PSObject.TypeNames.Insert(0, \"Selected.EtcdMaint.$type\") } $bag };";

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public static TheoryData<string> Changing =>
        ["Invoke-EtcdCompaction", "Invoke-EtcdDefrag", "Clear-EtcdAlarm", "Move-EtcdLeader"];

    [Theory]
    [InlineData("EtcdCompactionResult", "Planned")]
    [InlineData("EtcdDefragResult", "Planned")]
    [InlineData("EtcdAlarm", "Planned")]
    public void A_selected_plan_is_only_planned(string type, string status)
    {
        Assert.Empty(
            Run(
                $"[pscustomobject]@{{ Status = '{status}'; Member = $m[0] }} | Select-Of {type} | Invoke-EtcdDefrag"
            ).ErrorText
        );
        Assert.True(Assert.Single(_cluster.Defrags).PlanOnly);
    }

    [Fact]
    public void A_row_of_a_plan_remains_planned_even_if_its_member_was_skipped()
    {
        EtcdMember planned = _cluster.Members[0].AsPlanned(true);
        Assert.Empty(
            Run(
                "[pscustomobject]@{ Status = 'Skipped'; Member = $p } | Select-Of EtcdDefragResult | Invoke-EtcdDefrag",
                ("p", planned)
            ).ErrorText
        );
        Assert.True(Assert.Single(_cluster.Defrags).PlanOnly);
    }

    [Theory]
    [InlineData("EtcdDefragResult", "[EtcdMaint.EtcdDefragStatus]::TimedOut")]
    [InlineData("EtcdDefragResult", "'Failed'")]
    [InlineData("EtcdCompactionResult", "'Failed'")]
    [InlineData("EtcdAlarm", "'NotAttempted'")]
    public void A_selected_failure_is_passed_on_with_its_reason(string type, string status)
    {
        Outcome outcome = Run(
            $"[pscustomobject]@{{ Status = {status}; Reason = 'it hung'; Member = $m[0] }}, $m[1] | "
                + $"Select-Of {type} | Invoke-EtcdDefrag"
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(
            [(UpstreamState.Failed, "it hung"), (UpstreamState.Done, null)],
            Assert.Single(_cluster.Defrags).Targets.Select(target => (target.Upstream, target.Reason))
        );
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void A_result_without_its_status_is_refused_and_nothing_is_changed(string cmdlet)
    {
        string call =
            "$m[1], [pscustomobject]@{ MemberName = 'etcd-1'; Member = $m[0] } | Select-Of "
            + $"EtcdDefragResult | {cmdlet}";
        Assert.Equal("StatusNotSelected", _shell.RunToError($"{Select} {call}", ("m", _cluster.Members.ToArray())));
        Assert.Equal(0, _cluster.Changes);
    }

    [Fact]
    public void Reading_cmdlets_do_not_need_the_status() =>
        Assert.Empty(
            Run("[pscustomobject]@{ Member = $m[0] } | Select-Of EtcdDefragResult | Get-EtcdMemberStatus").ErrorText
        );

    [Theory]
    [InlineData("EtcdMemberStatus")]
    [InlineData("EtcdSnapshot")]
    public void A_record_type_without_a_status_does_not_need_one(string type)
    {
        Assert.Empty(Run($"[pscustomobject]@{{ Member = $m[0] }} | Select-Of {type} | Invoke-EtcdDefrag").ErrorText);
        Assert.False(Assert.Single(_cluster.Defrags).PlanOnly);
    }

    [Theory]
    [InlineData("Invoke-EtcdDefrag $rows")]
    [InlineData("Invoke-EtcdDefrag -InputObject $rows")]
    [InlineData("$rows | Invoke-EtcdDefrag")]
    public void Selected_records_can_also_be_passed_as_an_array(string call)
    {
        Assert.Empty(
            Run(
                "$rows = $m | ForEach-Object { [pscustomobject]@{ Status = 'Planned'; Member = $_ } } "
                    + $"| Select-Of EtcdDefragResult; {call}"
            ).ErrorText
        );
        DefragRequest request = Assert.Single(_cluster.Defrags);
        Assert.Equal((3, true), (request.Targets.Count, request.PlanOnly));
    }

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script, params (string Name, object? Value)[] more) =>
        _shell.Run($"{Select} {script}", [("m", _cluster.Members.ToArray()), .. more]);
}

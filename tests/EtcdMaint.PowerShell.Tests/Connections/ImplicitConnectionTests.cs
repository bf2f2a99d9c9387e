using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>A cluster that was found through the current Kubernetes context can be read, but not changed.</summary>
public sealed class ImplicitConnectionTests : IDisposable
{
    private const string Setup =
        "filter Select-Of([string] $type) { $_.PSObject.TypeNames.Insert(0, \"Selected.EtcdMaint.$type\"); $_ };"
        + "$stored = "
        + "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($m[0])); ";

    private readonly Shell _shell = new();

    private readonly FakeCluster _found = new();

    private readonly FakeCluster _chosen = new("edge", "c2");

    public ImplicitConnectionTests() => _found.Connection.ImplicitSource = "the Kubernetes context 'prod'";

    public static TheoryData<string, string> Changes
    {
        get
        {
            string[] calls =
            [
                "$m | {0}",
                "{0} $m[0]",
                "{0} -Member $m[0]",
                "{0} -InputObject $m",
                "$m | Get-EtcdMember | {0}",
                "$m | Get-EtcdMemberStatus | {0}",
                "$c | {0}",
                "{0} -Connection $c",
                "{0} -Connection $c -MemberName etcd-1",
                "$alarm | {0}",
                "{0} -Connection $e, $c",
                "$e, $c | {0}",
                "$read = $m; $read | {0}",
                "[pscustomobject]@{{ Member = $m[0] }} | {0}",
                "$m | {0} -WhatIf",
                "[pscustomobject]@{{ Member = $m[0] }} | Select-Of EtcdMemberStatus | {0}",
                "[pscustomobject]@{{ Status = 'Compacted'; Member = $m[0] }} | Select-Of EtcdCompactionResult | {0}",
            ];
            var data = new TheoryData<string, string>();
            foreach (
                string cmdlet in (string[])
                    ["Invoke-EtcdCompaction", "Invoke-EtcdDefrag", "Clear-EtcdAlarm", "Move-EtcdLeader"]
            )
            {
                foreach (string call in calls)
                    data.Add(cmdlet, call);
            }
            foreach (string cmdlet in (string[])["Invoke-EtcdMaintenance", "Save-EtcdSnapshot -Path never.db"])
            {
                data.Add(cmdlet, "$c | {0}");
                data.Add(cmdlet, "{0} -Connection $e, $c");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changing_cmdlet_refuses_an_implicit_cluster_and_names_the_way_to_specify_it(
        string cmdlet,
        string call
    )
    {
        Outcome outcome = Run(string.Format(null, call, cmdlet));
        Assert.Equal(["NoConnectionChosen"], outcome.ErrorIds);
        Assert.Contains("the Kubernetes context 'prod'", outcome.ErrorText, StringComparison.Ordinal);
        Assert.Contains(
            "Connect-EtcdCluster -Kubernetes",
            outcome.Errors[0].ErrorDetails.RecommendedAction,
            StringComparison.Ordinal
        );
        Assert.Equal(0, _found.Changes + _chosen.Changes);
    }

    [Theory]
    [InlineData("$m | Get-EtcdMemberStatus")]
    [InlineData("$c | Get-EtcdMember")]
    [InlineData("Get-EtcdMember -Connection $c")]
    public void A_reading_cmdlet_shows_an_implicit_cluster(string call)
    {
        Outcome outcome = Run(call);
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(3, outcome.Output.Count);
    }

    [Theory]
    [InlineData("Invoke-EtcdDefrag")]
    [InlineData("Clear-EtcdAlarm")]
    public void A_serialized_member_of_an_implicit_cluster_has_no_connection_and_cannot_be_changed(string cmdlet)
    {
        Assert.Equal(["RecordWithoutConnection"], Run($"$stored | {cmdlet}").ErrorIds);
        Assert.Equal(0, _found.Changes);
    }

    [Fact]
    public void The_connection_shows_how_it_was_found() =>
        Assert.Equal([true, false], Run("$c.IsImplicit; $e.IsImplicit").Output);

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script) =>
        _shell.Run(
            Setup + script,
            ("m", _found.Members.ToArray()),
            ("c", _found.Connection),
            ("e", _chosen.Connection),
            ("alarm", _found.Alarm(0))
        );
}

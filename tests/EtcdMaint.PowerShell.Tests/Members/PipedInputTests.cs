using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Members;

/// <summary>Names and other objects in the pipeline of the cmdlets that work on members.</summary>
public sealed class PipedInputTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public static TheoryData<string> MemberCmdlets =>
        [
            "Get-EtcdMember",
            "Get-EtcdMemberStatus",
            "Get-EtcdAlarm",
            "Invoke-EtcdCompaction",
            "Invoke-EtcdDefrag",
            "Clear-EtcdAlarm",
            "Move-EtcdLeader",
        ];

    [Theory]
    [InlineData("'etcd-2'")]
    [InlineData("'etcd-2', 'etcd-2'")]
    [InlineData("'*-2'")]
    [InlineData("'etcd-2', '', ' '")]
    public void Piped_names_select_members_of_the_default_cluster(string names)
    {
        Outcome outcome = RunWithDefault($"{names} | Invoke-EtcdDefrag");
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(["etcd-2"], Assert.Single(_cluster.Defrags).Targets.Select(target => target.Member.MemberName));
    }

    [Theory]
    [MemberData(nameof(MemberCmdlets))]
    public void Blank_names_in_the_pipeline_select_no_member(string cmdlet)
    {
        Outcome outcome = RunWithDefault($"'', ' ' | {cmdlet} -Verbose");
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(_cluster.Calls);
        Assert.Contains(outcome.Verbose, line => line.EndsWith("so the cmdlet did nothing.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_name_is_reported_with_the_names_that_exist()
    {
        Outcome outcome = RunWithDefault("Get-EtcdMember bg-1; 'bg-2' | Get-EtcdMember; Get-EtcdMember -MemberId 99");
        Assert.Equal(["MemberNotFound", "MemberNotFound", "MemberNotFound"], outcome.ErrorIds);
        Assert.Equal(
            "No member has the name 'bg-1'. The members are etcd-1, etcd-2, etcd-3.",
            outcome.Errors[0].ToString()
        );
        Assert.Contains("'bg-2'. The members are etcd-1, ", outcome.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith(
            "No member has the ID '99'. The members are etcd-1 (8e11), etcd-2 (8e12), etcd-3 (8e13).",
            outcome.ErrorText,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_many_members_the_first_ten_are_named()
    {
        var large = new FakeCluster(members: 13);
        Outcome outcome = _shell.Run("Get-EtcdMember x -Connection $c", ("c", large.Connection));
        Assert.EndsWith("etcd-6 and 3 more.", outcome.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MemberCmdlets))]
    public void Objects_that_are_not_members_result_in_one_error(string cmdlet)
    {
        Outcome outcome = RunWithDefault($"@{{ a = 1 }}, @{{ a = 2 }}, [System.IO.DirectoryInfo]::new('/') | {cmdlet}");
        Assert.Equal(["InputNotAMember"], outcome.ErrorIds);
        Assert.StartsWith(
            "3 objects are not members and contain none: System.Collections.Hashtable, System.IO.DirectoryInfo.",
            outcome.Errors[0].ToString(),
            StringComparison.Ordinal
        );
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void The_error_about_Select_Object_names_the_missing_property_and_the_members_are_processed()
    {
        Outcome outcome = RunWithDefault(
            "$bag = [pscustomobject]@{ MemberName = 'etcd-2' }; $bag.PSObject.TypeNames.Insert(0, "
                + "'Selected.EtcdMaint.EtcdMember'); $bag, $m[0] | Invoke-EtcdDefrag"
        );
        Assert.Equal(["InputNotAMember"], outcome.ErrorIds);
        Assert.Contains(
            "include the property Member",
            outcome.Errors[0].ErrorDetails.RecommendedAction,
            StringComparison.Ordinal
        );
        Assert.Equal(["etcd-1"], Assert.Single(_cluster.Defrags).Targets.Select(target => target.Member.MemberName));
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>Runs the script with the fake cluster as the default connection of the runspace.</summary>
    private Outcome RunWithDefault(string script) =>
        _shell.Run(
            "$type = (Get-Command Get-EtcdMember).ImplementingType.Assembly.GetType("
                + "'EtcdMaint.Cmdlets.RunspaceConnections'); $null = $type.GetMethod('Keep').Invoke("
                + $"$type.GetProperty('Current').GetValue($null), @($c, $true)); {script}",
            ("c", _cluster.Connection),
            ("m", _cluster.Members.ToArray())
        );
}

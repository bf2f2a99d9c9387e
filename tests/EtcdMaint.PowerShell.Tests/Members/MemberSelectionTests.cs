using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Members;

/// <summary>Which members a cmdlet processes, and that it never processes all of them by accident.</summary>
public sealed class MemberSelectionTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    public static TheoryData<string> Changing =>
        ["Invoke-EtcdCompaction", "Invoke-EtcdDefrag", "Clear-EtcdAlarm", "Move-EtcdLeader"];

    public static TheoryData<string, string> NothingGiven
    {
        get
        {
            string[] calls =
            [
                "@() | {0}",
                "$null | {0}",
                "@() | {0} -Connection $c",
                "$m | Where-Object MemberName -eq nobody | {0}",
                "{0} -Member @()",
                "{0} -Member $null",
                "{0} -Member @($null)",
                "{0} -InputObject @()",
                "{0} -InputObject $null",
                "{0} -Connection @()",
                "{0} -Connection $null",
                "{0} -Connection $c -MemberName nob*",
            ];
            var data = new TheoryData<string, string>();
            foreach (
                string cmdlet in (string[])
                    [
                        "Invoke-EtcdCompaction",
                        "Invoke-EtcdDefrag",
                        "Clear-EtcdAlarm",
                        "Move-EtcdLeader",
                        "Get-EtcdMemberStatus",
                    ]
            )
            {
                foreach (string call in calls)
                    data.Add(cmdlet, call);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NothingGiven))]
    public void An_empty_selection_selects_no_member_and_never_all(string cmdlet, string call)
    {
        Outcome outcome = Run(string.Format(null, call, cmdlet) + " -Verbose");
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(outcome.Output);
        Assert.Equal(0, _cluster.Changes);
        Assert.Empty(_cluster.StatusAsked);
        if (!call.Contains("nob*", StringComparison.Ordinal))
            Assert.Contains(
                outcome.Verbose,
                line => line.EndsWith("so the cmdlet did nothing.", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void A_connection_alone_selects_all_members()
    {
        Assert.Empty(Run("Invoke-EtcdDefrag -Connection $c").ErrorText);
        Assert.Equal(["etcd-1", "etcd-2", "etcd-3"], Names(Assert.Single(_cluster.Defrags).Targets));
    }

    [Fact]
    public void A_piped_connection_selects_all_its_members()
    {
        Assert.Empty(Run("$c | Invoke-EtcdDefrag").ErrorText);
        Assert.Equal(3, Assert.Single(_cluster.Defrags).Targets.Count);
    }

    [Theory]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberName etcd-2")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -Name ETCD-2")]
    [InlineData("Invoke-EtcdDefrag etcd-2 -Connection $c")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberName *-2, other*")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberId 8e12")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberId '0x8E12'")]
    [InlineData("Invoke-EtcdDefrag $m[1]")]
    [InlineData("Invoke-EtcdDefrag @($m[1], $m[1])")]
    [InlineData("Invoke-EtcdDefrag ($m[1] | Get-EtcdMemberStatus)")]
    [InlineData("Invoke-EtcdDefrag -Member $m[1]")]
    [InlineData("Invoke-EtcdDefrag -InputObject $m[1]")]
    [InlineData("$m[1] | Invoke-EtcdDefrag")]
    [InlineData("$m[1], $m[1] | Invoke-EtcdDefrag")]
    [InlineData("[pscustomobject]@{ Member = $m[1] } | Invoke-EtcdDefrag")]
    [InlineData("$m | Get-EtcdMemberStatus | Where-Object MemberName -eq etcd-2 | Invoke-EtcdDefrag")]
    [InlineData("$m[1] | Invoke-EtcdCompaction | Invoke-EtcdDefrag")]
    public void Members_are_selected_by_name_ID_object_and_result(string call)
    {
        Outcome outcome = Run(call);
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(["etcd-2"], Names(Assert.Single(_cluster.Defrags).Targets));
    }

    [Fact]
    public void All_records_of_a_cluster_form_one_run()
    {
        Assert.Empty(Run("$m | Invoke-EtcdDefrag").ErrorText);
        Assert.Equal(3, Assert.Single(_cluster.Defrags).Targets.Count);
    }

    [Fact]
    public void Unknown_names_and_IDs_are_errors_and_the_others_continue()
    {
        Outcome outcome = Run("Invoke-EtcdDefrag -Connection $c -MemberName nobody, etcd-1 -MemberId 99");
        Assert.Equal(["MemberNotFound", "MemberNotFound"], outcome.ErrorIds);
        Assert.Null(outcome.Terminating);
        Assert.Equal(["etcd-1"], Names(Assert.Single(_cluster.Defrags).Targets));
    }

    [Theory]
    [InlineData("xyz")]
    [InlineData("'8e12 '', 8e12'")]
    [InlineData("123456789012345678")]
    [InlineData("8e20, 9e20")]
    public void A_malformed_ID_ends_the_call(string id)
    {
        Assert.Equal(
            "MalformedMemberId",
            _shell.RunToError($"Invoke-EtcdDefrag -Connection $c -MemberId {id}", ("c", _cluster.Connection))
        );
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void Clusters_are_grouped_and_each_gets_its_own_members()
    {
        var other = new FakeCluster("staging", "c2");
        Outcome outcome = _shell.Run(
            "$a[0], $b[1], $a[2] | Invoke-EtcdDefrag",
            ("a", _cluster.Members.ToArray()),
            ("b", other.Members.ToArray())
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(["etcd-1", "etcd-3"], Names(Assert.Single(_cluster.Defrags).Targets));
        Assert.Equal(["etcd-2"], Names(Assert.Single(other.Defrags).Targets));
    }

    [Fact]
    public void Records_of_one_cluster_and_connection_give_no_warning() =>
        Assert.Empty(Run("$m | Invoke-EtcdDefrag").Warnings);

    [Fact]
    public void A_member_that_failed_upstream_is_passed_on_as_failed_regardless_of_other_records()
    {
        EtcdDefragResult failed = _cluster.Result(1, EtcdDefragStatus.TimedOut, "it hung");
        Assert.Empty(
            _shell
                .Run(
                    "$rows | Invoke-EtcdCompaction",
                    ("rows", new object[] { failed, _cluster.Members[1], _cluster.Members[0] })
                )
                .ErrorText
        );
        IReadOnlyList<MemberTarget> targets = Assert.Single(_cluster.Compactions).Targets;
        Assert.Equal(UpstreamState.Failed, targets.Single(target => target.Member.MemberName == "etcd-2").Upstream);
        Assert.Equal("it hung", targets.Single(target => target.Member.MemberName == "etcd-2").Reason);
        Assert.Equal(UpstreamState.Done, targets.Single(target => target.Member.MemberName == "etcd-1").Upstream);
    }

    [Fact]
    public void Later_steps_of_the_pipeline_receive_earlier_failures()
    {
        _cluster.OnDefrag = (request, observer, _) =>
        {
            foreach (MemberTarget target in request.Targets)
                observer.Emit(_cluster.Result(target.Member, EtcdDefragStatus.Failed, "disk full"));
            return Task.CompletedTask;
        };
        Assert.Empty(Run("$m | Invoke-EtcdDefrag | Clear-EtcdAlarm").ErrorText);
        Assert.All(
            Assert.Single(_cluster.Clears).Targets!,
            target => Assert.Equal((UpstreamState.Failed, "disk full"), (target.Upstream, target.Reason))
        );
    }

    [Fact]
    public void A_closed_connection_gives_one_error_for_all_its_members()
    {
        _cluster.IsOpen = false;
        Outcome outcome = Run("$m | Invoke-EtcdDefrag");
        Assert.Equal(["ConnectionClosed"], outcome.ErrorIds);
        Assert.Empty(_cluster.Calls);
        Assert.Equal(["ConnectionClosed"], Run("Invoke-EtcdDefrag -Connection $c").ErrorIds);
    }

    [Theory]
    [InlineData("$stored | Invoke-EtcdDefrag")]
    [InlineData("Invoke-EtcdDefrag -Member $stored")]
    [InlineData("Invoke-EtcdDefrag -InputObject $stored")]
    public void Stored_records_have_no_connection(string call)
    {
        Outcome outcome = Run(
            "$stored = "
                + "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($m[0])); "
                + call
        );
        Assert.Equal(["RecordWithoutConnection"], outcome.ErrorIds);
        Assert.Contains("etcd-1", outcome.ErrorText);
    }

    [Theory]
    [InlineData("EtcdMember", "$stored | Invoke-EtcdDefrag")]
    [InlineData("EtcdMember", "Invoke-EtcdDefrag $stored")]
    [InlineData("EtcdMember", "Invoke-EtcdDefrag -Member $stored")]
    [InlineData("EtcdMember", "$stored | Get-EtcdMemberStatus")]
    [InlineData("EtcdMemberStatus", "$stored | Invoke-EtcdCompaction")]
    [InlineData("EtcdDefragResult", "$stored | Clear-EtcdAlarm")]
    [InlineData("EtcdDefragResult", "Invoke-EtcdDefrag -InputObject $stored")]
    [InlineData("EtcdAlarm", "$stored | Clear-EtcdAlarm")]
    public void Records_that_were_stored_as_CSV_have_no_connection(string type, string call)
    {
        object record = type switch
        {
            "EtcdMember" => _cluster.Members[0],
            "EtcdMemberStatus" => Samples.Status(_cluster.Members[0]),
            "EtcdDefragResult" => _cluster.Result(0, EtcdDefragStatus.Defragmented),
            _ => _cluster.Alarm(0),
        };
        Outcome outcome = _shell.Run(
            "$bag = [ordered]@{}; $record.PSObject.Properties | ForEach-Object { $bag[$_.Name] = [string] "
                + "$_.Value }; $stored = [pscustomobject] $bag; "
                + call,
            ("record", record)
        );
        Assert.Equal(["RecordWithoutConnection"], outcome.ErrorIds);
        Assert.Contains("etcd-1", outcome.ErrorText);
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("[x")]
    [InlineData("a[b")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[z-a]")]
    [InlineData("x`")]
    public void A_name_that_is_not_a_valid_pattern_is_used_as_a_literal_name(string name)
    {
        Assert.Equal(["MemberNotFound"], Run($"Get-EtcdMember '{name}' -Connection $c").ErrorIds);
        _cluster.Members =
        [
            new EtcdMember
            {
                ClusterName = "prod",
                ClusterId = "c1",
                MemberId = "8e99",
                MemberName = name,
                Connection = _cluster.Connection,
            },
        ];
        Assert.Equal(
            name,
            Assert.IsType<EtcdMember>(Assert.Single(Run($"Get-EtcdMember '{name}' -Connection $c").Output)).MemberName
        );
    }

    [Fact]
    public void An_alarm_of_a_removed_member_can_be_cleared_but_the_member_not_defragmented()
    {
        var orphan = new EtcdAlarm
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = "99",
            AlarmType = EtcdAlarmType.NoSpace,
            Connection = _cluster.Connection,
        };
        Assert.Equal(["MemberDeparted"], _shell.Run("$alarm | Invoke-EtcdDefrag", ("alarm", orphan)).ErrorIds);
        Assert.Empty(_shell.Run("$alarm | Clear-EtcdAlarm", ("alarm", orphan)).ErrorText);
        Assert.Equal("99", Assert.Single(Assert.Single(_cluster.Clears).Alarms!).MemberId);
    }

    [Fact]
    public void A_name_in_the_pipeline_specifies_no_cluster()
    {
        Outcome outcome = Run("'etcd-1' | Invoke-EtcdDefrag");
        Assert.Equal(["NoConnectionChosen"], outcome.ErrorIds);
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Without_a_specified_cluster_nothing_is_changed(string cmdlet) =>
        Assert.Equal(["NoConnectionChosen"], Run(cmdlet).ErrorIds);

    [Theory]
    [InlineData("Get-EtcdMember")]
    [InlineData("Get-EtcdMemberStatus")]
    [InlineData("Get-EtcdAlarm")]
    public void Without_a_cluster_nothing_is_read(string cmdlet) =>
        Assert.Equal(["NoConnection"], Run(cmdlet).ErrorIds);

    public void Dispose() => _shell.Dispose();

    private static IEnumerable<string> Names(IEnumerable<MemberTarget> targets) =>
        targets.Select(target => target.Member.MemberName);

    private Outcome Run(string script) =>
        _shell.Run(script, ("c", _cluster.Connection), ("m", _cluster.Members.ToArray()));
}

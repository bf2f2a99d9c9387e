using System.Text.RegularExpressions;
using System.Xml.Linq;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Formatting;

/// <summary>What is true for every view, and for every object that a cmdlet emits.</summary>
public sealed partial class ViewRuleTests : IDisposable
{
    private readonly FakeCluster _cluster = new();

    private readonly Shell _shell = new(width: 200);

    /// <summary>The sentence has words of every length up to that of the longest ID.</summary>
    private const string Reason =
        "The MembershipDisagreement of etcd-3 is not resolved: the members list different clients, and "
        + "-Override MemberDown does not continue while fewer than two voters answer.";

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Every_header_is_a_property(int width)
    {
        using var shell = new Shell(width);
        foreach (object record in Records())
            AssertProperties(record, HeadersOf(shell.Render(record)));
    }

    /// <summary>Format-Table shows the tables of the file, and not the compiled views.</summary>
    [Fact]
    public void Every_header_of_the_tables_in_the_file_is_a_property()
    {
        XElement[] views =
        [
            .. XDocument
                .Load(Path.Combine(BuiltModule.Root, "EtcdMaint.Format.ps1xml"))
                .Descendants("View")
                .Where(view => view.Element("TableControl") is not null),
        ];
        foreach (object record in Records())
        {
            XElement view = Assert.Single(
                views,
                view => view.Descendants("TypeName").Single().Value == record.GetType().FullName
            );
            AssertProperties(record, [.. view.Descendants("Label").Select(label => label.Value)]);
        }
    }

    [Fact]
    public void The_label_above_a_table_is_a_property() =>
        Assert.All(Records(), record => Assert.True(IsProperty(_shell, record, "Cluster"), record.GetType().Name));

    [Theory]
    [InlineData("Where-Object Leader", "etcd-1")]
    [InlineData("Where-Object Role -eq leader", "etcd-1")]
    [InlineData("Where-Object Member -eq etcd-2", "etcd-2")]
    [InlineData("Where-Object Member -eq ETCD-2", "etcd-2")]
    [InlineData("Where-Object { 'etcd-2' -eq $_.Member }", "etcd-2")]
    [InlineData("Where-Object { $_.Member -in 'etcd-2', 'etcd-9' }", "etcd-2")]
    [InlineData("Where-Object Member -like *-2", "etcd-2")]
    [InlineData("Where-Object Member -ne etcd-1 | Where-Object Member -ne etcd-3", "etcd-2")]
    [InlineData("Where-Object Alarm -contains NoSpace", "etcd-2")]
    [InlineData("Where-Object Size -lt 1MB", "")]
    [InlineData("Where-Object Frag -gt 0.9", "etcd-1 etcd-2 etcd-3")]
    public void Headers_can_be_used_in_filters(string filter, string members)
    {
        Outcome outcome = _shell.Run(
            $"\"$($s | {filter} | ForEach-Object MemberName)\"",
            ("s", _cluster.Members.Select(Samples.Status).ToArray())
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(members, Assert.Single(outcome.Output));
    }

    [Theory]
    [InlineData("Where-Object Member -eq etcd-2")]
    [InlineData("Where-Object Learner -eq $false | Where-Object Member -eq etcd-2")]
    public void Members_have_the_same_headers(string filter) =>
        Assert.Equal(["etcd-2"], _shell.Run($"($m | {filter}).MemberName", ("m", _cluster.Members.ToArray())).Output);

    [Fact]
    public void The_default_connection_can_be_found_by_its_header()
    {
        Outcome outcome = _shell.Run("($c | Where-Object Default).Count", ("c", _cluster.Connection));
        Assert.Equal([0], outcome.Output);
    }

    [Fact]
    public void A_member_equals_its_name_and_its_ID_and_no_other_text_or_member()
    {
        EtcdMember member = _cluster.Members[0];
        Assert.True(member.Equals("Etcd-1"));
        Assert.True(member.Equals("8E11"));
        Assert.False(member.Equals("etcd-2"));
        Assert.False(member.Equals(""));
        Assert.False(member.Equals(null));
        Assert.False(member.Equals(new FakeCluster().Members[0]));
        Assert.True(member.Equals((object)member));
    }

    /// <summary>Export-Csv, Select-Object * and ConvertTo-Json take the properties that are not hidden.</summary>
    [Fact]
    public void Aliases_do_not_repeat_values_in_exports()
    {
        foreach (object record in Records())
            Assert.Equal(
                record
                    .GetType()
                    .GetProperties()
                    .Select(property => property.Name)
                    .Concat(record is EtcdMember ? [nameof(IEtcdMemberRecord.Member)] : [])
                    .Order(),
                Assert.IsType<string>(Text("$r.PSObject.Properties.Name", record)).Split('\n').Order()
            );
    }

    /// <summary>An array reads as the name of its type in a CSV file, which shows ToString of each value.</summary>
    [Fact]
    public void No_value_of_an_emitted_object_reads_as_the_name_of_a_type()
    {
        foreach (object record in Records())
        foreach (
            string script in new[]
            {
                "$r.PSObject.Properties | ForEach-Object { \"$($_.Name): $($_.Value)\" }",
                "$r.PSObject.Properties | Where-Object { $null -ne $_.Value } | ForEach-Object { $_.Value.ToString() }",
            }
        )
        {
            string text = Text(script, record);
            Assert.DoesNotContain("[]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("EtcdMaint.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("$s.Alarm.ToString()", "NoSpace")]
    [InlineData("\"$($s.Alarm)\"", "NoSpace")]
    [InlineData("$s.Alarm[0].ToString()", "NoSpace")]
    [InlineData("$s.Alarm[-1].ToString()", "NoSpace")]
    [InlineData("[string]($s.Alarm -contains 'NoSpace')", "True")]
    [InlineData("[string]($s.Alarm -eq 'NoSpace')", "NoSpace")]
    [InlineData("[string]($s.Alarm.Count, $s.Alarm.Length)", "1 1")]
    [InlineData("[string][bool]$s.Alarm", "True")]
    [InlineData("[string][bool]$other.Alarm", "False")]
    [InlineData("$s.Alarm -join ';'", "NoSpace")]
    [InlineData("($s.Alarm + 'x') -join ';'", "NoSpace;x")]
    [InlineData("[string]([EtcdMaint.EtcdAlarmType[]]$s.Alarm).Length", "1")]
    [InlineData("$s.Alarm | ForEach-Object { \"<$_>\" }", "<NoSpace>")]
    [InlineData("$m.ClientUrl.ToString()", "https://10.0.0.1:2379, https://x:1")]
    public void Lists_read_well_as_text_and_work_like_arrays(string script, string expected)
    {
        EtcdMember member = new() { ClientUrl = ["https://10.0.0.1:2379", "https://x:1"] };
        Outcome outcome = _shell.Run(
            script,
            ("s", Samples.Status(_cluster.Members[1])),
            ("other", Samples.Status(_cluster.Members[0])),
            ("m", member)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(expected, string.Join('|', outcome.Output));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void No_view_cuts_a_word_or_a_header(int width)
    {
        using var shell = new Shell(width);
        (object Record, string Said)[] views =
        [
            (_cluster.Result(0, EtcdDefragStatus.NotAttempted, Reason), Reason),
            (_cluster.Result(_cluster.Members[0].AsPlanned(true), EtcdDefragStatus.Skipped, Reason), Reason),
            (Samples.Compaction(new MemberTarget(_cluster.Members[0]), planned: false, Reason), Reason),
            (_cluster.Alarm(0).As(EtcdAlarmStatus.NotAttempted, Reason), Reason),
            (Samples.Report("prod", EtcdMaintenanceStatus.Failed, Reason), Reason),
            (Samples.Plan(Samples.ClusterPlan("prod", reason: Reason)), Reason),
            (Samples.ClusterPlan("prod", reason: Reason), Reason),
            (Samples.MemberPlan("prod", Reason), Reason),
            (Samples.Finding(EtcdFindingSeverity.Error, "MembershipDisagreement", Reason, "etcd-1"), Reason),
            (
                Samples.Health(
                    "prod",
                    Samples.Finding(EtcdFindingSeverity.Error, "MembershipDisagreement", Reason),
                    Samples.Finding(EtcdFindingSeverity.Warning, "CertificateExpiring", Reason)
                ),
                Reason
            ),
            (Samples.Snapshot(_cluster.Members[0]), Samples.Snapshot(_cluster.Members[0]).Path),
            (
                Samples.SnapshotReport(),
                "False 4711 289 12345 /var/backups/etcd/prod-20261123T030000Z.db SnapshotPageIdMismatch Page 17 has"
            ),
            (Samples.Forecast(), Samples.Forecast().Reason!),
            (Samples.Lease("kube-controller-manager"), "kube-system kube-controller-manager 4 etcd-1_0a5c"),
            (
                Samples.LostLease("kube-controller-manager"),
                "kube-system kube-controller-manager etcd-1 etcd-1_0a5c, now held by etcd-2_77bd"
            ),
            (
                Samples.Usage("customresourcedefinitions.apiextensions.k8s.io", null),
                "Resource Namespace Keys Size Share customresourcedefinitions.apiextensions.k8s.io 250,000 ~430"
            ),
            (
                Samples.Usage("leases.coordination.k8s.io", "kube-node-lease", writes: 12345.6),
                "Resource Namespace Keys Size Share Writes/s leases.coordination.k8s.io kube-node-lease 12,346"
            ),
            (
                Samples.Usage(
                    "endpointslices.discovery.k8s.io",
                    "openshift-kube-controller-manager-operator",
                    writes: 0
                ),
                "Writes/s endpointslices.discovery.k8s.io openshift-kube-controller-manager-operator 250,000 43%"
            ),
            (
                Samples.UsageOf("/app/configuration/of-a-very-long-service-name/in-a-longer-environment/v2/"),
                "Prefix Keys /app/configuration/of-a-very-long-service-name/in-a-longer-environment/v2/ 12 2%"
            ),
            (Samples.Status(_cluster.Members[1]), "Member Version QuotaUsed Alarm Role NoSpace Voter"),
        ];
        foreach ((object record, string said) in views)
        {
            string screen = shell.Render(record);
            Assert.All(Lines(screen), line => Assert.InRange(line.Length, 1, width - 1));
            string[] words = screen.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
            Assert.All(said.Split(' '), word => Assert.True(words.Contains(word), $"{word} in:\n{screen}"));
            Assert.DoesNotContain("…", screen, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>One object of each type that a cmdlet emits.</summary>
    private object[] Records() =>
        [
            _cluster.Members[0],
            Samples.Status(_cluster.Members[1]),
            _cluster.Alarm(1),
            Samples.Compaction(new MemberTarget(_cluster.Members[0]), planned: false),
            _cluster.Result(0, EtcdDefragStatus.Defragmented),
            _cluster.Result(_cluster.Members[0].AsPlanned(true), EtcdDefragStatus.Planned),
            _cluster.Connection,
            Samples.Snapshot(_cluster.Members[0]),
            Samples.SnapshotReport(),
            Samples.Forecast(),
            Samples.Usage("pods", "default", writes: 3),
            Samples.UsageOf("/app/"),
            Samples.Lease("kube-scheduler"),
            Samples.LostLease("kube-scheduler"),
            Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "The NOSPACE alarm is armed.", "etcd-2"),
            new EtcdHealthReport
            {
                ClusterName = "prod",
                Finding = [Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "It is armed.", "etcd-2")],
                MemberStatus = [Samples.Status(_cluster.Members[1])],
                Hash = [new EtcdMemberHash { MemberName = "etcd-1", Hash = "0a1b2c3d" }],
                LargestResource = [Samples.Usage("events", null)],
            },
            Samples.Plan(Samples.ClusterPlan("prod")),
            Samples.ClusterPlan("prod"),
            Samples.MemberPlan("prod"),
            new EtcdMaintenanceReport
            {
                ClusterName = "prod",
                Reason = "done",
                Step = [new EtcdMaintenanceStep { Name = "Health" }],
                Before = [Samples.Status(_cluster.Members[1])],
                After = [Samples.Status(_cluster.Members[0])],
                Compaction = [Samples.Compaction(new MemberTarget(_cluster.Members[0]), planned: false)],
                Defrag = [_cluster.Result(0, EtcdDefragStatus.Defragmented)],
                Alarm = [_cluster.Alarm(0)],
                LeaseBefore = [Samples.Lease("kube-scheduler")],
                LeaseAfter = [Samples.Lease("kube-scheduler", holder: null)],
                LeaseLost = [Samples.LostLease("kube-scheduler")],
                LargestResource = [Samples.Usage("events", null)],
                Event = [new EtcdMaintenanceEvent { Message = "compacted" }],
                Error = ["NoLeader: no leader"],
            },
        ];

    private void AssertProperties(object record, string[] headers)
    {
        Assert.True(headers.Length > 1, $"{record.GetType().Name}: {string.Join(' ', headers)}");
        foreach (string header in headers)
            Assert.True(IsProperty(_shell, record, header), $"{record.GetType().Name} has no property {header}.");
    }

    private static bool IsProperty(Shell shell, object record, string name) =>
        Equals(
            true,
            Assert.Single(shell.Run("$null -ne $r.PSObject.Properties[$n]", ("r", record), ("n", name)).Output)
        );

    /// <summary>The line above the dashes.</summary>
    private static string[] HeadersOf(string screen)
    {
        string[] lines = Lines(screen);
        int dashes = Array.FindIndex(lines, line => Dashes().IsMatch(line));
        return dashes < 1 ? [] : lines[dashes - 1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Text(string script, object record)
    {
        Outcome outcome = _shell.Run(script, ("r", record));
        Assert.Empty(outcome.ErrorText);
        return string.Join('\n', outcome.Output);
    }

    private static string[] Lines(string screen) =>
        [.. screen.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    [GeneratedRegex("^[- ]*-[- ]*$")]
    private static partial Regex Dashes();
}

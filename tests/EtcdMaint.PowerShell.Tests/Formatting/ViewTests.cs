using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Formatting;

public class ViewTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public void Status_looks_like_the_table_of_etcdctl_at_120_columns()
    {
        using var shell = new Shell();
        string[] lines = Lines(shell.Render(Statuses()));
        Assert.Equal(
            [
                "   Cluster: prod",
                "Member Endpoint      Version   Size  InUse Frag QuotaUsed Alarm    Role    "
                    + "Term      Index    Applied",
                "------ --------      -------   ----  ----- ---- --------- -----    ----    "
                    + "----      -----    -------",
                "etcd-1 10.0.0.1:2379 3.5.30  2.1 GB  25 MB  99% ███░  98%          Leader  "
                    + "  14 1234567890 1234567889",
                "etcd-2 10.0.0.2:2379 3.5.30  2.1 GB  25 MB  99% ███░  98% NoSpace  Voter   "
                    + "  14 1234567890 1234567889",
                "etcd-3               no reply                                      Voter",
            ],
            lines
        );
    }

    [Fact]
    public void Status_of_members_with_long_names_fits_120_columns_and_keeps_the_alarm()
    {
        using var shell = new Shell();
        var cluster = new FakeCluster();
        EtcdMember member = Long(cluster);
        string[] lines = Lines(shell.Render(Samples.Status(member), Samples.Unreachable(member)));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 120));
        Assert.StartsWith("ip-172-20-41-117 ip-172-20-…ernal:2379 3.5.30", lines[3]);
        Assert.Contains("no reply", lines[^1]);
    }

    [Fact]
    public void Status_shows_the_alarm_at_80_columns_too()
    {
        using var shell = new Shell(width: 80);
        string[] lines = Lines(shell.Render(Statuses()));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal("Member Endpoint      Version   Size  InUse Frag QuotaUsed Alarm    Role", lines[1]);
        Assert.EndsWith("98% NoSpace  Voter", lines.First(line => line.StartsWith("etcd-2", StringComparison.Ordinal)));
        Assert.Contains("no reply", lines[^1]);
    }

    [Fact]
    public void Status_of_members_with_long_names_keeps_alarm_and_leader_at_80_columns()
    {
        using var shell = new Shell(width: 80);
        string[] lines = Lines(
            shell.Render(Samples.Status(Long(new FakeCluster())), Samples.Unreachable(Long(new FakeCluster())))
        );
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.EndsWith("QuotaUsed Alarm    Role", lines[1]);
        Assert.EndsWith("Voter", lines[3]);
        Assert.Contains("no reply", lines[^1]);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Members_on_Kubernetes_can_be_distinguished_by_their_pods(int width)
    {
        using var shell = new Shell(width);
        EtcdMember[] members = [.. Enumerable.Range(1, 3).Select(OnKubernetes)];
        string screen = shell.Render([.. members]);
        string[] rows = [.. Lines(screen).Where(line => line.StartsWith("ip-", StringComparison.Ordinal))];
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.InRange(row.Length, 1, width));
        for (int i = 0; i < rows.Length; i++)
            Assert.Matches($@" etcd-\S*11{i + 1}", rows[i]);
        Assert.DoesNotContain("kube-sys", screen);
    }

    [Theory]
    [InlineData(80, "ip-172-20-41-11")]
    [InlineData(120, "ip-172-20-41-11")]
    [InlineData(200, "ip-172-20-41-11")]
    public void The_status_of_pods_shows_names_without_their_common_end_and_no_endpoint(int width, string start)
    {
        using var shell = new Shell(width);
        object[] rows =
        [
            .. Enumerable.Range(1, 2).Select(OnKubernetes).Select(Samples.Status),
            Samples.Unreachable(OnKubernetes(3)),
        ];
        string[] lines = Lines(shell.Render(rows));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
        Assert.DoesNotContain("Endpoint", lines[1], StringComparison.Ordinal);
        Assert.Contains(" Role", lines[1], StringComparison.Ordinal);
        for (int i = 1; i <= 3; i++)
            Assert.StartsWith($"{start}{i}", lines[2 + i], StringComparison.Ordinal);
        Assert.Contains(" no reply ", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith("Voter", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, "big-1,big-2,big-3", "big-1 big-2 big-3")]
    [InlineData(16, "ip-10-0-1-9.eu.internal,ip-10-0-1-10.eu.internal", "ip-10-0-1-9 ip-10-0-1-10")]
    [InlineData(7, "etcd-ip-10-0-12-34,etcd-ip-10-0-12-35", "…34 …35")]
    [InlineData(7, "etcd-a-control-plane,etcd-b-control-plane", "etcd-a etcd-b")]
    [InlineData(12, "kind-control-plane,kind-control-plane2", "…plane …plane2")]
    [InlineData(10, "one-single-name.of.a.domain", "one-…-name")]
    public void Names_lose_what_all_of_them_share(int room, string names, string shown)
    {
        using var shell = new Shell(width: 80);
        string[] all = names.Split(',');
        Assert.Equal(
            [shown],
            shell
                .Run(
                    "\"$($all | ForEach-Object { [EtcdMaint.Cmdlets.MemberNames]::Fit($_, $all, $room) })\"",
                    ("all", all),
                    ("room", room)
                )
                .Output
        );
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void A_long_member_name_takes_one_line(int width)
    {
        using var shell = new Shell(width);
        EtcdMember member = OnKubernetes(1);
        object[] records =
        [
            _cluster.Result(member, EtcdDefragStatus.Defragmented),
            Samples.Compaction(new MemberTarget(member), planned: false),
            Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "Armed.", member.MemberName),
            new EtcdAlarm
            {
                ClusterName = "prod",
                MemberName = member.MemberName,
                AlarmType = EtcdAlarmType.NoSpace,
            },
        ];
        foreach (object record in records)
            Assert.Single(Lines(shell.Render(record)), line => line.Contains("ip-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Every_view_shows_what_distinguishes_the_members_of_a_cluster(int width)
    {
        using var shell = new Shell(width);
        EtcdMember[] members = [.. new[] { "12-34", "12-35", "13-34" }.Select(OnAws)];
        object[][] views =
        [
            [.. members],
            [.. members.Select(Samples.Status)],
            [.. members.Select(m => _cluster.Result(m, EtcdDefragStatus.NotAttempted, Reason))],
            [.. members.Select(m => Samples.Compaction(new MemberTarget(m), planned: false, Reason))],
            [.. members.Select(m => Alarm(m.MemberName, Reason))],
            [.. members.Select(m => Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", Reason, m.MemberName))],
            [.. members.Select(Samples.Snapshot)],
        ];
        foreach (object[] view in views)
        {
            string[] lines = Lines(shell.Render(view));
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
            foreach (EtcdMember member in members)
                Assert.Single(lines, line => line.Contains(member.MemberName!.Split('.')[0], StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// The language of the screen is none of the six in which PowerShell itself breaks lines between words.
    /// </summary>
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Reasons_are_wrapped_between_words(int width)
    {
        using var shell = new Shell(width);
        (string Column, object Record)[] views =
        [
            ("Reason", _cluster.Result(OnAws("12-34"), EtcdDefragStatus.Failed, Reason)),
            ("Reason", Samples.Compaction(new MemberTarget(OnAws("12-34")), planned: false, Reason)),
            ("Reason", Alarm("etcd-1", Reason)),
            ("Reason", Samples.Report("prod", EtcdMaintenanceStatus.Failed, Reason)),
            ("Message", Samples.Finding(EtcdFindingSeverity.Error, "NoSpace", Reason, "etcd-1")),
        ];
        foreach ((string column, object record) in views)
        {
            string[] lines = Lines(shell.Render(record));
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
            int header = Array.FindIndex(lines, line => line.StartsWith("--", StringComparison.Ordinal)) - 1;

            // Where there is no column for the reason, it has lines of its own below the row.
            bool isBelow = !lines[header].EndsWith(column, StringComparison.Ordinal);
            int start = isBelow ? 2 : lines[header].Length - column.Length;
            string[] parts = [.. lines.Skip(header + (isBelow ? 3 : 2)).Select(line => line[start..])];
            Assert.True(string.Join(' ', parts) == Reason, string.Join('\n', lines));
            Assert.True(parts.Length <= 5, string.Join('\n', lines));
        }
    }

    [Fact]
    public void Clusters_are_shown_one_after_another_under_their_names()
    {
        using var shell = new Shell();
        var other = new FakeCluster("staging", "c2", members: 1);
        string screen = shell.Render([.. Statuses(), Samples.Status(other.Members[0])]);
        Assert.Contains("Cluster: prod", screen);
        Assert.Contains("Cluster: staging", screen);
    }

    [Fact]
    public void A_defragmentation_shows_sizes_before_and_after_reclaimed_bytes_and_time()
    {
        using var shell = new Shell();
        string[] lines = Lines(
            shell.Render(
                _cluster.Result(0, EtcdDefragStatus.Defragmented),
                _cluster.Result(1, EtcdDefragStatus.Planned),
                _cluster.Result(2, EtcdDefragStatus.NotAttempted, "an earlier member failed")
            )
        );
        Assert.Equal(
            [
                "   Cluster: prod",
                "Member           Status        Before   After Reclaimed   Duration Reason",
                "------           ------        ------   ----- ---------   -------- ------",
                "etcd-1           Defragmented  2.1 GB   25 MB    2.1 GB      2.4 s",
                "etcd-2           Planned       2.1 GB   25 MB    2.1 GB     ~3.2 s",
                "etcd-3           NotAttempted  2.1 GB   25 MB    2.1 GB            an earlier member failed",
            ],
            lines
        );
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_plan_shows_order_role_pause_and_gain(int width)
    {
        using var shell = new Shell(width);
        string[] lines = Lines(
            shell.Render(
                Planned(1, EtcdDefragStatus.Planned, wasLeader: false, order: 1),
                Planned(0, EtcdDefragStatus.Planned, wasLeader: true, order: 2),
                Planned(2, EtcdDefragStatus.Skipped, wasLeader: false, order: null, "nothing to gain")
            )
        );
        string[] reason = width == 80 ? [] : [" Reason", " ------"];
        Assert.Equal(
            [
                "   Cluster: prod",
                "Order Member           Role    Status            Pause     Gain" + reason.ElementAtOrDefault(0),
                "----- ------           ----    ------            -----     ----" + reason.ElementAtOrDefault(1),
                "    1 etcd-2           Voter   Planned          ~3.2 s  ~2.1 GB",
                "    2 etcd-1           Leader  Planned          ~3.2 s  ~2.1 GB",
                .. width == 80
                    ? new[] { "      etcd-3           Voter   Skipped", "  nothing to gain" }
                    : ["      etcd-3           Voter   Skipped                          nothing to gain"],
            ],
            lines
        );
    }

    [Fact]
    public void A_row_shows_the_short_reason_and_its_property_the_whole_text()
    {
        using var shell = new Shell(width: 80);
        var row = new EtcdDefragResult
        {
            ClusterName = "prod",
            MemberName = "etcd-1",
            Status = EtcdDefragStatus.NotAttempted,
            Reason = Reason,
            Brief = "MemberDown: etcd-3",
        };
        string screen = shell.Render(row);
        Assert.Contains("  MemberDown: etcd-3", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("the last member failed", screen, StringComparison.Ordinal);
        Assert.Equal([Reason], shell.Run("$r.Reason", ("r", row)).Output);
    }

    [Fact]
    public void A_long_reason_is_wrapped_and_not_truncated()
    {
        using var shell = new Shell();
        string screen = shell.Render(
            _cluster.Result(0, EtcdDefragStatus.Skipped, string.Join(' ', Enumerable.Repeat("because", 20)) + " END")
        );
        Assert.Contains("END", screen);
    }

    [Fact]
    public void A_compaction_shows_status_revision_and_sizes()
    {
        using var shell = new Shell();
        string[] lines = Lines(shell.Render(Samples.Compaction(new MemberTarget(_cluster.Members[0]), planned: false)));
        Assert.Equal("Member           Status             Revision    Size   InUse   Duration Reason", lines[1]);
        Assert.Equal("etcd-1           Compacted              4711  2.1 GB   25 MB     340 ms", lines[^1]);
    }

    [Fact]
    public void Members_alarms_and_connections_have_views()
    {
        using var shell = new Shell();
        Assert.Contains(
            "etcd-1               8e11             False   https://10.0.0.1:2379",
            shell.Render([.. _cluster.Members])
        );
        Assert.Contains("etcd-2           8e12             NoSpace  Armed", shell.Render(_cluster.Alarm(1)));
        Assert.Contains(
            "prod                         c1               Endpoint                           https://prod:2379",
            shell.Render(_cluster.Connection)
        );
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Every_kind_of_access_is_shown_completely(int width)
    {
        using var shell = new Shell(width);
        foreach (EtcdAccess access in Enum.GetValues<EtcdAccess>())
            Assert.Contains(
                $" {access} ",
                shell.Render(new EtcdConnection("prod", access, ["https://prod:2379"], "root", _cluster)) + " "
            );
    }

    [Fact]
    public void The_most_severe_alarm_comes_first_because_there_may_be_space_for_only_one()
    {
        using var shell = new Shell();
        var status = new EtcdMemberStatus
        {
            IsReachable = true,
            Alarm = [EtcdAlarmType.NoSpace, EtcdAlarmType.Corrupt],
        };
        Assert.Equal(["Corrupt,NoSpace"], shell.Run("[EtcdMaint.Cmdlets.RowText]::Alarms($s)", ("s", status)).Output);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_maintenance_report_shows_the_result_for_the_cluster(int width)
    {
        using var shell = new Shell(width);
        string[] lines = Lines(
            shell.Render(
                Samples.Report(
                    "prod",
                    EtcdMaintenanceStatus.Succeeded,
                    "3 of 3 members defragmented, 2.1 GB given back",
                    _cluster.Result(0, EtcdDefragStatus.Defragmented)
                ),
                Samples.Report(
                    "staging",
                    EtcdMaintenanceStatus.NotAttempted,
                    "a cluster before it failed (-FailureLimit)"
                )
            )
        );
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.StartsWith("Cluster              Status       Reclaimed   Duration", lines[1]);
        Assert.StartsWith("prod                 Succeeded       2.1 GB 1 min 15 s", lines[3]);
        Assert.EndsWith("3 of 3 members defragmented, 2.1 GB given back", lines[width == 80 ? 4 : 3]);
        Assert.Contains("(-FailureLimit)", string.Join('\n', lines));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_health_report_shows_its_findings_below_the_verdict_by_severity(int width)
    {
        using var shell = new Shell(width);
        string[] lines = Lines(
            shell.Render(
                Samples.Health(
                    "prod",
                    Samples.Finding(
                        EtcdFindingSeverity.Warning,
                        "CertificateExpiring",
                        "The certificate of etcd-1 expires in 9 days.",
                        "etcd-1"
                    ),
                    Samples.Finding(
                        EtcdFindingSeverity.Error,
                        "NoSpaceArmed",
                        "The NOSPACE alarm of etcd-2 is armed.",
                        "etcd-2"
                    )
                ),
                Samples.Health("staging")
            )
        );
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.StartsWith("Cluster              IsHealthy Finding", lines[1]);
        Assert.Equal("prod                 False     1 error, 1 warning", lines[3]);
        Assert.Equal("  Error       NoSpaceArmed           The NOSPACE alarm of etcd-2 is armed.", lines[4]);
        Assert.StartsWith("  Warning     CertificateExpiring    The certificate of etcd-1", lines[5]);
        Assert.Equal("staging              True", lines[^1]);
    }

    [Fact]
    public void A_health_report_names_the_largest_resources_below_its_findings()
    {
        using var shell = new Shell(80);
        string[] lines = Lines(
            shell.Render(
                new EtcdHealthReport
                {
                    ClusterName = "prod",
                    Finding = [Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "It is armed.")],
                    LargestResource =
                    [
                        Samples.Usage("events", null, 1_200_000_000),
                        Samples.Usage("deployments.apps", null),
                        Samples.UsageOf("/calico/"),
                        Samples.Usage("pods", null, 1000),
                    ],
                }
            )
        );
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(
            [
                "  Error       NoSpaceArmed           It is armed.",
                "  Largest: events 1.2 GB, deployments.apps 430 MB, /calico/ 4.2 kB.",
                "  Get-EtcdSpaceUsage shows all.",
            ],
            lines[^3..]
        );
    }

    [Fact]
    public void Findings_and_snapshots_have_views()
    {
        using var shell = new Shell(width: 80);
        string finding = shell.Render(
            Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "The NOSPACE alarm is armed.", "etcd-2")
        );
        Assert.Contains("   Cluster: prod", finding);
        Assert.Contains("Error       NoSpaceArmed           etcd-2\n  The NOSPACE alarm is armed.", finding);
        string[] lines = Lines(shell.Render(Samples.Snapshot(_cluster.Members[0])));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal("   Cluster: prod", lines[0]);
        Assert.Equal("etcd-1            2.1 GB       4711      7.4 s", lines[3]);
        Assert.Equal("  /var/backups/etcd/prod-20261123T030000Z.db", lines[4]);
    }

    [Fact]
    public void A_tested_snapshot_has_its_findings_below()
    {
        using var shell = new Shell(width: 100);
        string[] lines = Lines(shell.Render(Samples.SnapshotReport(), Samples.SnapshotReport() with { Finding = [] }));
        Assert.Equal("   Snapshots", lines[0]);
        Assert.Equal("IsValid MatchesCluster   Revision     Age     Keys    Size Path", lines[1]);
        Assert.Equal("False                        4711     289    12345  2.1 GB", lines[3]);
        Assert.Equal("  /var/backups/etcd/prod-20261123T030000Z.db", lines[4]);
        Assert.Equal("  Error       SnapshotPageIdMismatch       Page 17 has another number.", lines[5]);
        Assert.Equal(8, lines.Length);
    }

    [Fact]
    public void A_forecast_has_its_days_in_a_row_and_its_reason_beside_it()
    {
        using var shell = new Shell(width: 140);
        string[] lines = Lines(shell.Render(Samples.Forecast()));
        Assert.Equal("   Forecast", lines[0]);
        Assert.Equal("Cluster              Pattern     ByFile ByLiveData NextRunDue Reason", lines[1]);
        Assert.Equal(
            "prod                 Burst      31 days            2026-12-04 The live data grew until 2026-11-01, and has "
                + "not grown since.",
            lines[3]
        );
    }

    /// <summary>Every word fits in the narrowest column.</summary>
    private const string Reason =
        "the last member failed: it gave no answer in time, so no other member began its turn, and the rest "
        + "of the work is still to be done";

    private static EtcdAlarm Alarm(string? member, string reason) =>
        new()
        {
            ClusterName = "prod",
            MemberName = member ?? "",
            MemberId = "8e9e05c521646941",
            AlarmType = EtcdAlarmType.NoSpace,
            Status = EtcdAlarmStatus.NotAttempted,
            Reason = reason,
        };

    private EtcdDefragResult Planned(
        int member,
        EtcdDefragStatus status,
        bool wasLeader,
        int? order,
        string? reason = null
    ) =>
        new()
        {
            ClusterName = "prod",
            MemberName = _cluster.Members[member].MemberName,
            Status = status,
            Reason = reason,
            Order = order,
            WasLeader = wasLeader,
            BytesBefore = order is null ? null : 2_100_000_000,
            BytesAfter = order is null ? null : 25_000_000,
            PredictedDuration = order is null ? null : TimeSpan.FromSeconds(3.2),
            Member = _cluster.Members[member].AsPlanned(true),
        };

    private EtcdMember OnAws(string number)
    {
        string node = $"ip-10-0-{number}.eu-central-1.compute.internal";
        return new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = $"8e9e05c52164{number.Replace("-", "", StringComparison.Ordinal)}",
            MemberName = node,
            Endpoint = $"kube-system/etcd-{node}:2379",
            ClientUrl = ["https://10.0.0.1:2379"],
            PodName = $"etcd-{node}",
            NodeName = node,
            Connection = _cluster.Connection,
        };
    }

    private object[] Statuses() =>
        [.. _cluster.Members.Take(2).Select(Samples.Status), Samples.Unreachable(_cluster.Members[2])];

    private EtcdMember OnKubernetes(int number)
    {
        string node = Node(number);
        return new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = $"8e9e05c52164694{number}",
            MemberName = node,
            Endpoint = $"kube-system/etcd-{node}:2379",
            ClientUrl = [$"https://172.20.41.11{number}:2379"],
            PodName = $"etcd-{node}",
            NodeName = node,
            AllNames = [.. Enumerable.Range(1, 3).Select(Node)],
            Connection = new FakeCluster(access: EtcdAccess.KubernetesExec).Connection,
        };
    }

    private static string Node(int number) => $"ip-172-20-41-11{number}.eu-central-1.compute.internal";

    private static EtcdMember Long(FakeCluster cluster) =>
        new()
        {
            ClusterName = "prod",
            ClusterId = "c1",
            MemberId = "8e9e05c52164694d",
            MemberName = "ip-172-20-41-117.eu-central-1.compute.internal",
            Endpoint = "https://ip-172-20-41-117.eu-central-1.compute.internal:2379",
            Connection = cluster.Connection,
        };

    private static string[] Lines(string screen) =>
        [.. screen.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
}

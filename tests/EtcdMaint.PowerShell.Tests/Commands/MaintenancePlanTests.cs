using System.Management.Automation;
using System.Text;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>New-EtcdMaintenancePlan, and Invoke-EtcdMaintenance with its plan.</summary>
public sealed class MaintenancePlanTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-plan-").FullName;

    private readonly FakeCluster _prod = NewCluster("prod", "c1");

    private readonly FakeCluster _edge = NewCluster("edge", "c2");

    [Fact]
    public void One_plan_contains_all_clusters_and_is_written_as_JSON_and_as_a_page()
    {
        Outcome outcome = Run(
            "$c | New-EtcdMaintenancePlan \"$folder/plan.json\", \"$folder/plan.html\" -KeepRevisions 7"
        );
        Assert.Empty(outcome.ErrorText);
        var plan = Assert.IsType<EtcdMaintenancePlan>(Assert.Single(outcome.Output));
        Assert.Equal(["prod", "edge"], plan.Cluster.Select(cluster => cluster.ClusterName));
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", plan.CreatedBy);
        Assert.Equal(7, plan.KeepRevisions);
        Assert.All([.. _prod.Maintenances, .. _edge.Maintenances], request => Assert.True(request.PlanOnly));
        Assert.Contains(plan.Checksum, Content("plan.json"), StringComparison.Ordinal);
        Assert.Contains(plan.Checksum, Content("plan.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_of_a_cluster_that_cannot_be_planned_follows_the_plan()
    {
        var down = new EtcdException("MemberDown", EtcdErrorCategory.InvalidOperation, "etcd-2 does not answer.");
        _edge.OnMaintain = (observer, _) =>
        {
            observer.Emit(Report(_edge, EtcdMaintenanceStatus.Failed));
            observer.ReportError(down);
            return Task.CompletedTask;
        };
        Outcome outcome = Run("try { $c | New-EtcdMaintenancePlan -ErrorAction Stop } catch { $_ }");
        var plan = Assert.IsType<EtcdMaintenancePlan>(outcome.Output[0]);
        Assert.Equal(
            [EtcdMaintenanceStatus.Planned, EtcdMaintenanceStatus.Failed],
            plan.Cluster.Select(cluster => cluster.Status)
        );
        Assert.StartsWith(
            "MemberDown,",
            Assert.IsType<ErrorRecord>(outcome.Output[1]).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_snapshot_folder_of_a_plan_must_exist_before_anything_starts()
    {
        string snapshots = Directory.CreateDirectory(Path.Combine(_folder, "snapshots")).FullName;
        Run("$c | New-EtcdMaintenancePlan \"$folder/plan.json\" -SnapshotPath \"$folder/snapshots\"");
        Directory.Delete(snapshots);
        _prod.Maintenances.Clear();
        Outcome outcome = Run("$c | Invoke-EtcdMaintenance -Plan \"$folder/plan.json\"");
        Assert.Equal(["SnapshotFolderNotFound"], outcome.ErrorIds);
        Assert.Empty(_prod.Maintenances);
    }

    [Fact]
    public void A_ring_is_also_planned_after_a_failure_in_an_earlier_one()
    {
        _prod.Connection.Ring = 2;
        _edge.Connection.Ring = 1;
        _edge.OnMaintain = (observer, _) =>
        {
            observer.Emit(Report(_edge, EtcdMaintenanceStatus.Failed));
            return Task.CompletedTask;
        };
        var plan = Assert.IsType<EtcdMaintenancePlan>(Assert.Single(Run("$c | New-EtcdMaintenancePlan").Output));
        Assert.Equal(EtcdMaintenanceStatus.Planned, plan.Cluster[0].Status);
    }

    [Fact]
    public void A_cluster_without_a_connection_is_in_the_plan_with_the_reason()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; ClusterName = 'dead' } | "
                + "Connect-EtcdCluster -TimeoutSeconds 5 | New-EtcdMaintenancePlan"
        );
        EtcdClusterPlan dead = Assert.IsType<EtcdMaintenancePlan>(Assert.Single(outcome.Output)).Cluster[0];
        Assert.Equal(("dead", EtcdMaintenanceStatus.Unreachable), (dead.ClusterName, dead.Status));
        Assert.StartsWith("http://127.0.0.1:1 refused the connection", dead.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt", "ReportFormatUnknown")]
    [InlineData("a.jsonl", "ReportFormatUnknown")]
    [InlineData("no/such.json", "ReportFolderNotFound")]
    [InlineData("there.json", "ReportExists")]
    public void A_path_that_cannot_be_written_is_refused_before_a_cluster_is_read(string name, string errorId)
    {
        File.WriteAllText(Path.Combine(_folder, "there.json"), "precious");
        Assert.Equal(errorId, _shell.RunToError($"$c | New-EtcdMaintenancePlan \"$folder/{name}\"", Clusters));
        Assert.Empty(_prod.Calls);
        Assert.Equal("precious", Content("there.json"));
    }

    [Fact]
    public void WhatIf_returns_the_plan_and_writes_no_file()
    {
        Assert.IsType<EtcdMaintenancePlan>(
            Assert.Single(Run("$c | New-EtcdMaintenancePlan \"$folder/plan.json\" -WhatIf").Output)
        );
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("$plan")]
    [InlineData("\"$folder/plan.json\"")]
    [InlineData("([IO.FileInfo]\"$folder/plan.json\")")]
    public void A_run_takes_its_settings_from_the_plan(string argument)
    {
        Outcome outcome = Run(
            "$plan = $c | New-EtcdMaintenancePlan \"$folder/plan.json\" -KeepRevisions 7 -MinimumFreeBytes 1MB "
                + "-MaximumStallSeconds 1.5 -Override MemberDown -NotAfter 2031-02-03; "
                + $"$c | Invoke-EtcdMaintenance -Plan {argument} -NotAfter 2032-02-03"
        );
        Assert.Empty(outcome.ErrorText);
        MaintenanceRequest request = _prod.Maintenances[^1];
        Assert.False(request.PlanOnly);
        Assert.Equal(7, request.KeepRevisions);
        Assert.Equal(1024 * 1024, request.Defrag.MinimumFreeBytes);
        Assert.Equal(TimeSpan.FromSeconds(1.5), request.Defrag.MaximumStall);
        Assert.Equal([EtcdGate.MemberDown], request.Defrag.Override);
        Assert.Equal(new DateTime(2031, 2, 3), request.Defrag.NotAfter!.Value.LocalDateTime);
        Assert.Equal(["prod", "edge"], request.Plan!.Cluster.Select(cluster => cluster.ClusterName));
    }

    [Theory]
    [InlineData("-SnapshotPath x.db", "-SnapshotPath cannot be combined with -Plan")]
    [InlineData("-KeepRevisions 1", "-KeepRevisions cannot be combined with -Plan")]
    [InlineData("-KeepDuration 00:01:00", "-KeepDuration cannot be combined with -Plan")]
    [InlineData("-MinimumFragmentationRatio 0.1", "because the plan contains this setting")]
    [InlineData("-MinimumFreeBytes 1", "because the plan contains this setting")]
    [InlineData("-MaximumQuotaUsedRatio 0.5", "because the plan contains this setting")]
    [InlineData("-MaximumStallSeconds 1", "because the plan contains this setting")]
    [InlineData("-MaximumLeaseLost 1", "because the plan contains this setting")]
    [InlineData("-Override MemberDown", "because the plan contains this setting")]
    [InlineData("-When { $true }", "The members of a plan are decided when it is made")]
    public void Settings_cannot_be_combined_with_a_plan(string setting, string text)
    {
        Outcome outcome = RunToEnd(
            $"try {{ $c | Invoke-EtcdMaintenance -Plan $p {setting} }} catch {{ $_ }}",
            Samples.Plan(Samples.ClusterPlan("prod"))
        );
        ErrorRecord error = Assert.IsType<ErrorRecord>(Assert.Single(outcome.Output));
        Assert.StartsWith("PlanSettingsConflict,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(text, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_prod.Calls);
    }

    [Theory]
    [InlineData("\"$folder/plan.json\"", "PlanDamaged")]
    [InlineData("\"$folder/none.json\"", "PlanNotFound")]
    [InlineData("Variable:plan", "PlanNotFound")]
    [InlineData("$folder", "PlanUnreadable")]
    [InlineData("42", "PlanInvalid")]
    [InlineData("''", "ParameterEmpty")]
    public void A_plan_that_cannot_be_used_ends_the_cmdlet_before_a_cluster_is_read(string plan, string errorId)
    {
        Run("$c | New-EtcdMaintenancePlan \"$folder/plan.json\"");
        string path = Path.Combine(_folder, "plan.json");
        File.WriteAllText(path, Content("plan.json").Replace("\"prod\"", "\"Prod\"", StringComparison.Ordinal));
        int calls = _prod.Calls.Count;
        Assert.Equal(errorId, _shell.RunToError($"$c | Invoke-EtcdMaintenance -Plan {plan}", Clusters));
        Assert.Equal(calls, _prod.Calls.Count);
    }

    [Fact]
    public void A_serialized_plan_is_refused_with_the_reason()
    {
        Outcome outcome = RunToEnd(
            "$copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($p));"
                + " try { $c | Invoke-EtcdMaintenance -Plan $copy } catch { $_ }",
            Samples.Plan(Samples.ClusterPlan("prod"))
        );
        Assert.Contains(
            "Deserialized.EtcdMaint.EtcdMaintenancePlan",
            Assert.Single(outcome.Output)!.ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("$c[0] | Invoke-EtcdMaintenance -Plan $p")]
    [InlineData("Invoke-EtcdMaintenance -Plan $p -Connection $c[0]")]
    public void Each_cluster_of_the_plan_gets_one_report(string script)
    {
        Outcome outcome = RunToEnd(
            script,
            Samples.Plan(
                Samples.ClusterPlan("prod"),
                Samples.ClusterPlan("edge", "c2"),
                Samples.ClusterPlan("dead", "", EtcdMaintenanceStatus.Unreachable, "no answer")
            )
        );
        Assert.Equal(
            [
                "dead NotAttempted: the plan has no steps for this cluster, because it could not be planned: no answer",
                "edge NotAttempted: no connection leads to this cluster of the plan",
                "prod Planned: 205 MB of free pages",
            ],
            outcome
                .Output.Cast<EtcdMaintenanceReport>()
                .Select(report => $"{report.ClusterName} {report.Status}: {report.Reason}")
                .Order()
        );
        Assert.All(
            outcome.Output.Cast<EtcdMaintenanceReport>().Where(report => report.ClusterName != "prod"),
            report => Assert.Equal("1c2d3e4f-0000-4000-8000-5a6b7c8d9e0f", report.PlanId)
        );
        Assert.Empty(_edge.Calls);
    }

    [Fact]
    public void Without_any_connection_each_cluster_of_the_plan_still_gets_its_report()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; ClusterName = 'prod' } | "
                + "Connect-EtcdCluster -TimeoutSeconds 5 | Invoke-EtcdMaintenance -Plan $p",
            ("p", Samples.Plan(Samples.ClusterPlan("prod"), Samples.ClusterPlan("edge", "c2")))
        );
        Assert.Equal(
            ["edge NotAttempted", "prod Unreachable"],
            outcome
                .Output.Cast<EtcdMaintenanceReport>()
                .Select(report => $"{report.ClusterName} {report.Status}")
                .Order()
        );
    }

    [Fact]
    public void The_view_shows_a_row_for_each_cluster()
    {
        string screen = _shell.Render(
            Samples.Plan(
                Samples.ClusterPlan("prod"),
                Samples.ClusterPlan("edge", "c2", EtcdMaintenanceStatus.Failed, "etcd-2 does not answer")
            )
        );
        Assert.Contains("ann@ops-1", screen, StringComparison.Ordinal);
        Assert.Contains("1c2d3e4f-0000-4000-8000-5a6b7c8d9e0f", screen, StringComparison.Ordinal);
        Assert.Contains("etcd-2 does not answer", screen, StringComparison.Ordinal);
        Assert.Contains("~3.2 s", screen, StringComparison.Ordinal);
        Assert.Contains("≤360 MB", screen, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (string, object?)[] Clusters => [("c", new[] { _prod.Connection, _edge.Connection }), ("folder", _folder)];

    private Outcome Run(string script) => _shell.Run(script, Clusters);

    private Outcome RunToEnd(string script, EtcdMaintenancePlan plan) => _shell.Run(script, [.. Clusters, ("p", plan)]);

    private string Content(string name) => File.ReadAllText(Path.Combine(_folder, name), Encoding.UTF8);

    private static FakeCluster NewCluster(string name, string id)
    {
        var cluster = new FakeCluster(name, id);
        cluster.OnMaintain = (observer, _) =>
        {
            observer.Emit(Report(cluster, EtcdMaintenanceStatus.Planned));
            return Task.CompletedTask;
        };
        return cluster;
    }

    private static EtcdMaintenanceReport Report(FakeCluster cluster, EtcdMaintenanceStatus status) =>
        new()
        {
            ClusterName = cluster.Connection.ClusterName,
            ClusterId = cluster.Connection.ClusterId!,
            Status = status,
            Reason = "205 MB of free pages",
            Before = [.. cluster.Members.Select(Samples.Status)],
        };
}

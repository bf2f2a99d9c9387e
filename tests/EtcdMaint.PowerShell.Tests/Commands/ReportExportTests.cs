using System.Management.Automation.Runspaces;
using System.Text.Json;
using System.Text.RegularExpressions;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Export-EtcdMaintenanceReport in a pipeline.</summary>
public sealed class ReportExportTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-export-").FullName;

    private static EtcdMaintenanceReport[] Reports =>
        [
            new()
            {
                ClusterName = "prod",
                Status = EtcdMaintenanceStatus.NothingToDo,
                Reason = "no member would benefit",
            },
            new()
            {
                ClusterName = "edge",
                Status = EtcdMaintenanceStatus.Failed,
                Reason = "no answer",
                Error = ["EndpointTimeout: no answer"],
            },
        ];

    [Fact]
    public void All_reports_of_the_pipeline_are_written_to_one_file()
    {
        Outcome outcome = Run("$reports | Export-EtcdMaintenanceReport \"$folder/all.json\"");
        Assert.Empty(outcome.ErrorText);
        var file = Assert.IsType<FileInfo>(Assert.Single(outcome.Output));
        string json = File.ReadAllText(file.FullName);
        Assert.Contains("\"clusterName\": \"prod\"", json, StringComparison.Ordinal);
        Assert.Contains("\"clusterName\": \"edge\"", json, StringComparison.Ordinal);
        Assert.Equal([file.FullName], Directory.GetFiles(_folder));
    }

    [Fact]
    public void The_extension_determines_the_format_unless_Format_is_given()
    {
        Run("$reports | Export-EtcdMaintenanceReport \"$folder/a.html\"");
        Run("$reports | Export-EtcdMaintenanceReport \"$folder/b.html\" -Format Json");
        Assert.StartsWith(
            "<!DOCTYPE html>",
            File.ReadAllText(Path.Combine(_folder, "a.html")),
            StringComparison.Ordinal
        );
        Assert.StartsWith("{", File.ReadAllText(Path.Combine(_folder, "b.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl", "")]
    [InlineData("a.NDJSON", "")]
    [InlineData("a.log", "-Format JsonLines")]
    public void Each_report_is_one_line_on_request(string name, string format)
    {
        Outcome outcome = Run($"$reports | Export-EtcdMaintenanceReport \"$folder/{name}\" {format}");
        Assert.Empty(outcome.ErrorText);
        string[] lines = File.ReadAllLines(Path.Combine(_folder, name));
        Assert.Equal(
            ["prod", "edge"],
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("clusterName").GetString())
        );
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("JsonLines")]
    [InlineData("Html")]
    public void A_serialized_report_is_exported_like_the_original(string format)
    {
        Outcome outcome = _shell.Run(
            "$copy = "
                + "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($full));"
                + $" $full | Export-EtcdMaintenanceReport \"$folder/live\" -Format {format}; $copy | "
                + $"Export-EtcdMaintenanceReport \"$folder/copy\" -Format {format};"
                + $" Export-EtcdMaintenanceReport \"$folder/both\" -Format {format} -InputObject @($copy, $full)",
            ("full", Full),
            ("folder", _folder)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(Content("live"), Content("copy"));
        Assert.Contains("etcd-1", Content("copy"), StringComparison.Ordinal);
        Assert.True(Content("both").Length > Content("copy").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_report_that_lost_its_rows_is_named_in_an_error_and_nothing_is_written(int depth)
    {
        // The module is not imported in this runspace, so PowerShell does not know the depth of a report.
        using Runspace plain = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        plain.Open();
        plain.SessionStateProxy.SetVariable("full", Full);
        using var job = System.Management.Automation.PowerShell.Create(plain);
        string stored = job.AddScript($"[System.Management.Automation.PSSerializer]::Serialize($full, {depth})")
            .Invoke<string>()
            .Single();
        Outcome outcome = _shell.Run(
            "$copy = [System.Management.Automation.PSSerializer]::Deserialize($stored); $copy, $reports[0] "
                + "| Export-EtcdMaintenanceReport \"$folder/a.json\"",
            ("stored", stored),
            ("reports", Reports),
            ("folder", _folder)
        );
        Assert.Equal(["ReportTruncated"], outcome.ErrorIds);
        Assert.Contains("'prod'", outcome.ErrorText, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("a.txt", "ReportFormatUnknown")]
    [InlineData("no/such.json", "ReportFolderNotFound")]
    [InlineData("there.json", "ReportExists")]
    [InlineData(".", "ReportPathNotFile")]
    public void An_invalid_path_is_refused_before_the_preceding_run_starts(string name, string errorId)
    {
        File.WriteAllText(Path.Combine(_folder, "there.json"), "precious");
        var cluster = new FakeCluster();
        string script = $"$c | Invoke-EtcdMaintenance | Export-EtcdMaintenanceReport \"$folder/{name}\"";
        Assert.Equal(errorId, _shell.RunToError(script, ("folder", _folder), ("c", cluster.Connection)));
        Assert.Empty(cluster.Calls);
    }

    [Fact]
    public void A_report_can_only_be_written_to_the_file_system() =>
        Assert.Equal(
            "ReportPathNotFile",
            _shell.RunToError("$reports | Export-EtcdMaintenanceReport Variable:a.json", ("reports", Reports))
        );

    [Fact]
    public void Force_overwrites_and_WhatIf_writes_nothing()
    {
        string path = Path.Combine(_folder, "there.json");
        File.WriteAllText(path, "old");
        Assert.Empty(Run("$reports | Export-EtcdMaintenanceReport \"$folder/there.json\" -Force -WhatIf").Output);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Run("$reports | Export-EtcdMaintenanceReport \"$folder/there.json\" -Force").Output);
        Assert.StartsWith("{", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pipeline_writes_nothing_and_reports_it()
    {
        Outcome outcome = Run("@() | Export-EtcdMaintenanceReport \"$folder/a.json\" -Verbose");
        Assert.Empty(outcome.Output);
        Assert.Equal(["No report was specified, so the cmdlet wrote nothing."], outcome.Verbose);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Empty_cells_of_a_CSV_file_count_as_parameters_that_were_not_given()
    {
        const string Rows = """
            [pscustomobject]@{ ClusterName = 'a'; Endpoint = 'http://127.0.0.1:1'; QuotaBytes = ''; CACertificate = ''; ServerName = '' },
            [pscustomobject]@{ ClusterName = 'b'; Endpoint = 'http://127.0.0.1:2'; QuotaBytes = '1000000'; CACertificate = ''; ServerName = '' }
            """;
        Outcome outcome = Run($"{Rows} | Connect-EtcdCluster -NoVerify");
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(["a", "b"], outcome.Output.Select(connection => connection.ToString()));
    }

    private static EtcdMaintenanceReport Full
    {
        get
        {
            var cluster = new FakeCluster();
            DateTimeOffset at = new(2031, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2));
            var origin = new MemberTarget(cluster.Members[0]);
            return new EtcdMaintenanceReport
            {
                ClusterName = "prod",
                ClusterId = "c1",
                Status = EtcdMaintenanceStatus.Failed,
                Reason = "no room <&> more",
                PlanId = "4b1d9f0e",
                StartedAt = at,
                Duration = TimeSpan.FromSeconds(12.345),
                Step =
                [
                    new()
                    {
                        ClusterName = "prod",
                        Name = "Health",
                        Status = EtcdMaintenanceStatus.Succeeded,
                        Reason = "healthy",
                        StartedAt = at,
                        Duration = TimeSpan.FromSeconds(1.5),
                    },
                ],
                Before = [.. cluster.Members.Select(Samples.Status)],
                After = [Samples.Unreachable(cluster.Members[2])],
                Snapshot = Samples.Snapshot(cluster.Members[0]),
                Compaction = [Samples.Compaction(origin, planned: false)],
                Defrag =
                [
                    cluster.Result(0, EtcdDefragStatus.Defragmented),
                    cluster.Result(1, EtcdDefragStatus.TimedOut, "it hung"),
                ],
                Alarm = [cluster.Alarm(1)],
                FindingBefore = [Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "full", "etcd-2")],
                HashAfter =
                [
                    new()
                    {
                        ClusterName = "prod",
                        MemberId = "8e11",
                        MemberName = "etcd-1",
                        Revision = 7,
                        CompactRevision = -1,
                        Hash = "00c0ffee",
                    },
                ],
                LeaseBefore = [Samples.Lease("kube-scheduler") with { RenewedAt = at }],
                LeaseAfter = [Samples.Lease("kube-scheduler", holder: null) with { RenewedAt = null }],
                LeaseLost = [Samples.LostLease("kube-scheduler", newHolder: null)],
                LargestResource = [Samples.Usage("events", null), Samples.UsageOf("/calico/")],
                Event =
                [
                    new()
                    {
                        At = at.AddMilliseconds(5),
                        IsWarning = true,
                        Message = "careful",
                    },
                ],
                Error = ["DiskFull: no room", "LockLost: gone"],
            };
        }
    }

    // Only the time of the export differs.
    private string Content(string name) =>
        Regex.Replace(
            File.ReadAllText(Path.Combine(_folder, name)),
            @"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{3}Z)?)?",
            match => match.Value.StartsWith("2031", StringComparison.Ordinal) ? match.Value : "now"
        );

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Outcome Run(string script) => _shell.Run(script, ("reports", Reports), ("folder", _folder));
}

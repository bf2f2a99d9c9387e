using System.Management.Automation;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Export-EtcdMetric in a pipeline.</summary>
public sealed class MetricExportTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-export-metric-").FullName;

    private object[] Rows =>
        [
            new EtcdMaintenanceReport
            {
                ClusterName = "prod",
                Status = EtcdMaintenanceStatus.Succeeded,
                StartedAt = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero),
                Before = [.. _cluster.Members.Select(Samples.Status)],
                Defrag = [_cluster.Result(0, EtcdDefragStatus.Defragmented)],
            },
            new EtcdHealthReport
            {
                ClusterName = "prod",
                Finding = [Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "full", "etcd-2")],
                MemberStatus = [.. _cluster.Members.Select(Samples.Status)],
            },
            Samples.Status(_cluster.Members[0]),
            new EtcdForecast
            {
                ClusterName = "prod",
                DaysToQuotaByFile = 7.25,
                NextRunDue = new DateTimeOffset(2031, 2, 4, 0, 0, 0, TimeSpan.Zero),
                LastSampleAt = new DateTimeOffset(2031, 2, 3, 0, 0, 0, TimeSpan.Zero),
            },
        ];

    [Fact]
    public void Without_a_target_the_text_goes_to_the_pipeline()
    {
        string text = Text("$rows | Export-EtcdMetric");
        Assert.Contains(
            "etcdmaint_run_status{cluster=\"prod\",status=\"Succeeded\"} 1\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("etcdmaint_health_ok{cluster=\"prod\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "etcdmaint_member_reachable{cluster=\"prod\",member=\"etcd-1\"} 1\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_rows_of_the_pipeline_are_written_to_one_file_which_is_replaced()
    {
        File.WriteAllText(Path.Combine(_folder, "etcd.prom"), "old");
        Outcome outcome = Run("$rows | Export-EtcdMetric \"$folder/etcd.prom\"");
        Assert.Empty(outcome.ErrorText);
        var file = Assert.IsType<FileInfo>(Assert.Single(outcome.Output));
        Assert.Equal(Text("$rows | Export-EtcdMetric"), File.ReadAllText(file.FullName));
        Assert.Equal([file.FullName], Directory.GetFiles(_folder));
        Assert.Equal((byte)'#', File.ReadAllBytes(file.FullName)[0]);
    }

    [Fact]
    public void WhatIf_writes_and_sends_nothing()
    {
        Outcome outcome = Run("$rows | Export-EtcdMetric \"$folder/etcd.prom\" -WhatIf");
        Assert.Empty(outcome.Output);
        Assert.Contains("Write the metrics of prod", outcome.Screen, StringComparison.Ordinal);
        outcome = Run("$rows | Export-EtcdMetric -PushgatewayUri http://127.0.0.1:1 -WhatIf");
        Assert.Empty(outcome.ErrorText);
        Assert.Contains("Push the metrics of prod", outcome.Screen, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Serialized_rows_have_the_same_metrics()
    {
        const string Copy =
            "$copy = $rows | ForEach-Object { [Management.Automation.PSSerializer]::Deserialize("
            + "[Management.Automation.PSSerializer]::Serialize($_)) }; ";
        Assert.Equal(Text("$rows | Export-EtcdMetric"), Text($"{Copy} $copy | Export-EtcdMetric"));
        Assert.Equal(Text("$rows | Export-EtcdMetric"), Text("Export-EtcdMetric -InputObject $rows"));
    }

    [Fact]
    public void A_plan_does_not_replace_the_metrics_of_a_run()
    {
        File.WriteAllText(Path.Combine(_folder, "etcd.prom"), "of the last run");
        Outcome outcome = _shell.Run(
            "$plan, $null | Export-EtcdMetric \"$folder/etcd.prom\" -Verbose",
            ("plan", new EtcdMaintenanceReport { ClusterName = "prod", Status = EtcdMaintenanceStatus.Planned }),
            ("folder", _folder)
        );
        Assert.Empty(outcome.Output);
        Assert.Equal(
            [
                "The reports of plans were left out, because a plan is not a run.",
                "There are no metrics, so the cmdlet wrote nothing.",
            ],
            outcome.Verbose
        );
        Assert.Equal("of the last run", File.ReadAllText(Path.Combine(_folder, "etcd.prom")));
    }

    [Fact]
    public void Objects_without_metrics_are_one_error_and_nothing_is_written()
    {
        Outcome outcome = Run("$rows, 'a', 'b', 1 | Export-EtcdMetric \"$folder/etcd.prom\"");
        Assert.Equal(["InputWithoutMetrics"], outcome.ErrorIds);
        Assert.Contains("System.String, System.Int32.", outcome.ErrorText, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_report_that_lost_its_rows_is_named_in_an_error()
    {
        Outcome outcome = Run(
            "$bag = [pscustomobject]@{ ClusterName = 'prod'; MemberStatus = 'text' };"
                + "$bag.PSTypeNames.Insert(0, 'Deserialized.EtcdMaint.EtcdHealthReport');"
                + "$bag | Export-EtcdMetric \"$folder/etcd.prom\""
        );
        Assert.Equal(["ReportTruncated"], outcome.ErrorIds);
        Assert.Contains("'prod'", outcome.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$folder/etcd.txt\"", "MetricPathExtension")]
    [InlineData("Variable:etcd.prom", "MetricPathNotFile")]
    [InlineData("-PushgatewayUri pushgateway:9091", "PushgatewayUriUnusable")]
    [InlineData("-PushgatewayUri https://ops:secret@pushgateway", "PushgatewayUriUnusable")]
    public void An_unusable_target_is_refused_before_the_preceding_run_starts(string target, string errorId)
    {
        string script = $"$c | Invoke-EtcdMaintenance | Export-EtcdMetric {target}";
        Assert.Equal(errorId, _shell.RunToError(script, ("folder", _folder), ("c", _cluster.Connection)));
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void A_gateway_that_cannot_be_reached_is_a_terminating_error()
    {
        Assert.Equal(
            "PushgatewayUnreachable",
            _shell.RunToError("$rows | Export-EtcdMetric -PushgatewayUri http://127.0.0.1:1", ("rows", Rows))
        );
    }

    [Theory]
    [InlineData("http://192.0.2.1:9091", true)]
    [InlineData("https://192.0.2.1:9091", false)]
    [InlineData("http://127.0.0.1:1", false)]
    public void A_password_without_TLS_is_a_warning(string address, bool warns)
    {
        using var word = new System.Security.SecureString();
        word.AppendChar('x');
        Outcome outcome = _shell.Run(
            $"$rows | Export-EtcdMetric -PushgatewayUri {address} -Credential $login -WhatIf",
            ("rows", Rows),
            ("login", new PSCredential("ops", word))
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(
            warns,
            outcome.Warnings.Any(text =>
                text.StartsWith("CredentialInClearText: the password of 'ops'", StringComparison.Ordinal)
            )
        );
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Text(string script)
    {
        Outcome outcome = Run(script);
        Assert.Empty(outcome.ErrorText);
        return Assert.IsType<string>(Assert.Single(outcome.Output));
    }

    private Outcome Run(string script) => _shell.Run(script, ("rows", Rows), ("folder", _folder));
}

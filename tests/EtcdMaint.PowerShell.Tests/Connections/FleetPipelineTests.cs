using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>Clusters of a fleet to which Connect-EtcdCluster cannot connect.</summary>
public sealed class FleetPipelineTests : IDisposable
{
    /// <summary>Two records that cannot be connected, and one that can with -NoVerify.</summary>
    private const string Records =
        "[pscustomobject]@{ Endpoint = ''; ClusterName = 'empty' }, [pscustomobject]@{ Endpoint = 'http://127.0.0.1:1';"
        + " ClusterName = 'open' }, [pscustomobject]@{ Endpoint = ','; ClusterName = 'comma' }";

    private const string Fleet = Records + " | Connect-EtcdCluster -NoVerify -TimeoutSeconds 5";

    private const string Maintain = "Invoke-EtcdMaintenance -TimeoutSeconds 5 -Confirm:$false";

    private readonly Shell _shell = new();

    [Theory]
    [InlineData("")]
    [InlineData("Where-Object IsOpen | ")]
    [InlineData("ForEach-Object { $_ } | ")]
    public void Each_record_gets_one_report(string between)
    {
        Outcome outcome = _shell.Run($"{Fleet} | {between}{Maintain}");
        Assert.Equal(
            ["comma Unreachable", "empty Unreachable", "open Failed"],
            outcome.Output.Cast<EtcdMaintenanceReport>().Select(report => $"{report.ClusterName} {report.Status}")
        );
        Assert.Equal(
            2,
            outcome.Errors.Count(error => error.ToString().StartsWith("Cluster '", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void The_error_and_the_report_name_the_cluster_and_the_reason()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; ClusterName = 'dead' } | Connect-EtcdCluster "
                + $"-TimeoutSeconds 5 | {Maintain}"
        );
        Assert.Equal(["EndpointRefused"], outcome.ErrorIds);
        Assert.StartsWith(
            "Cluster 'dead': http://127.0.0.1:1 refused the connection",
            outcome.Errors[0].ToString(),
            StringComparison.Ordinal
        );
        var report = Assert.IsType<EtcdMaintenanceReport>(Assert.Single(outcome.Output));
        Assert.Equal("dead", report.ClusterName);
        Assert.Equal(EtcdMaintenanceStatus.Unreachable, report.Status);
        Assert.StartsWith("http://127.0.0.1:1 refused the connection", report.Reason, StringComparison.Ordinal);
        Assert.Equal([$"EndpointRefused: {report.Reason}"], report.Error);
        Assert.InRange(DateTimeOffset.UtcNow - report.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_cluster_without_a_name_is_named_by_its_endpoints()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1' } | Connect-EtcdCluster -TimeoutSeconds "
                + $"5 | {Maintain}"
        );
        Assert.Equal(
            "http://127.0.0.1:1",
            Assert.IsType<EtcdMaintenanceReport>(Assert.Single(outcome.Output)).ClusterName
        );
        Assert.DoesNotContain("Cluster '", outcome.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_PowerShell_rejects_gets_a_report_too()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; CACertificate = @{ a = 1 }; ClusterName = 'bad' }, "
                + $"[pscustomobject]@{{ Endpoint = ''; ClusterName = 'empty' }} | Connect-EtcdCluster | {Maintain}"
        );
        Assert.Equal(
            ["bad Unreachable", "empty Unreachable"],
            outcome.Output.Cast<EtcdMaintenanceReport>().Select(report => $"{report.ClusterName} {report.Status}")
        );
    }

    [Fact]
    public void Connections_that_failed_are_not_emitted_and_not_listed()
    {
        Outcome outcome = _shell.Run($"$c = {Fleet}; $c.Count; \"$c\"; (Get-EtcdConnection).Count");
        Assert.Equal([1, "open", 1], outcome.Output);
        Assert.Equal(2, outcome.ErrorIds.Count);
    }

    [Theory]
    [InlineData("Get-EtcdMember")]
    [InlineData("Get-EtcdMemberStatus")]
    [InlineData("Test-EtcdHealth")]
    [InlineData("Invoke-EtcdDefrag -Confirm:$false")]
    public void Other_cmdlets_report_each_failed_connection_once(string cmdlet)
    {
        Outcome outcome = _shell.Run($"{Records} | Connect-EtcdCluster -NoVerify | {cmdlet} -TimeoutSeconds 5");
        Assert.Single(outcome.Errors, error => error.ToString().Contains("'empty'", StringComparison.Ordinal));
        Assert.Single(outcome.Errors, error => error.ToString().Contains("'comma'", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_pipeline_does_not_report_the_clusters()
    {
        var other = new FakeCluster();
        Outcome outcome = _shell.Run(
            $"{Fleet} | ForEach-Object {{ $_ | {Maintain} }}; $o | {Maintain}; $null = {Fleet}; $o | {Maintain}",
            ("o", other.Connection)
        );
        Assert.Equal(["open"], outcome.Output.Cast<EtcdMaintenanceReport>().Select(report => report.ClusterName));
        Assert.Equal(2, other.Maintenances.Count);
    }

    [Fact]
    public void A_call_with_arguments_names_the_cluster_as_well()
    {
        Outcome outcome = _shell.Run("Connect-EtcdCluster http://127.0.0.1:1 -ClusterName dead -TimeoutSeconds 5");
        Assert.StartsWith("Cluster 'dead': ", Assert.Single(outcome.Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", "\"Unreachable\"")]
    [InlineData("html", "etcd maintenance of 3 clusters")]
    public void The_exported_report_contains_every_cluster(string format, string content)
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{format}");
        try
        {
            Outcome outcome = _shell.Run($"{Fleet} | {Maintain} | Export-EtcdMaintenanceReport '{file}'");
            Assert.Single(outcome.Output);
            string text = File.ReadAllText(file);
            Assert.Contains(content, text, StringComparison.Ordinal);
            Assert.All(
                (string[])["empty", "open", "comma"],
                name => Assert.Contains(name, text, StringComparison.Ordinal)
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _shell.Dispose();
}

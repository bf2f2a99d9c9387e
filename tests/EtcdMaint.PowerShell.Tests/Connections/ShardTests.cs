using System.Management.Automation;
using EtcdMaint.Fleet;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>Connect-EtcdCluster -Shard connects only to the clusters of its shard.</summary>
public sealed class ShardTests : IDisposable
{
    private const string Connect = "Connect-EtcdCluster -NoVerify -TimeoutSeconds 5";

    private const string Maintain = "Invoke-EtcdMaintenance -TimeoutSeconds 5 -Confirm:$false";

    private readonly Shell _shell = new();

    /// <summary>Clusters to which connections can be made without contact. Every fifth has no endpoint.</summary>
    private static string Fleet(int count) =>
        $"(1..{count} | ForEach-Object {{ [pscustomobject]@{{ ClusterName = \"edge-$_\"; Endpoint = $_ % 5 ? "
        + "'http://127.0.0.1:1' : '' } })";

    [Fact]
    public void Every_cluster_has_its_report_in_exactly_one_shard()
    {
        Outcome all = _shell.Run($"1..4 | ForEach-Object {{ {Fleet(20)} | {Connect} -Shard \"$_/4\" | {Maintain} }}");
        EtcdMaintenanceReport[] reports = [.. all.Output.Cast<EtcdMaintenanceReport>()];
        Assert.Equal(
            Enumerable.Range(1, 20).Select(number => $"edge-{number}").Order(StringComparer.Ordinal),
            reports.Select(report => report.ClusterName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(4, reports.Count(report => report.Status is EtcdMaintenanceStatus.Unreachable));
    }

    [Fact]
    public void Clusters_outside_the_shard_are_only_in_the_log()
    {
        int shard = Shard.Of("edge-5", 4); // a record without endpoint
        Outcome other = _shell.Run($"{Fleet(5)} | {Connect} -Shard {(shard % 4) + 1}/4 -Verbose");
        Assert.DoesNotContain(other.Errors, error => error.ToString().Contains("edge-5", StringComparison.Ordinal));
        Assert.Contains($"'edge-5' is in shard {shard}, so shard {(shard % 4) + 1}/4 omits it.", other.Verbose);
    }

    [Fact]
    public void An_empty_shard_is_a_success_without_output()
    {
        int shard = Shard.Of("edge-1", 4);
        Outcome outcome = _shell.Run($"{Fleet(1)} | {Connect} -Shard {(shard % 4) + 1}/4 | {Maintain}; $?");
        Assert.Equal([true], outcome.Output);
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void After_an_empty_shard_no_earlier_default_is_used()
    {
        int shard = Shard.Of("edge-1", 4);
        Outcome outcome = _shell.Run(
            $"$null = {Connect} http://127.0.0.1:1 -ClusterName before; {Fleet(1)} | {Connect} -Shard "
                + $"{(shard % 4) + 1}/4; Invoke-EtcdMaintenance"
        );
        Assert.Equal(["NoConnection"], outcome.ErrorIds);
        Assert.Contains("its records are not in shard", outcome.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_cluster_of_several_in_the_shard_does_not_become_the_default()
    {
        // A shard with exactly one of the clusters.
        int shard = Enumerable
            .Range(1, 40)
            .First(number => Enumerable.Range(1, 4).Count(i => Shard.Of($"edge-{i}", 40) == number) == 1);
        Outcome outcome = _shell.Run($"({Fleet(4)} | {Connect} -Shard {shard}/40).Count; Invoke-EtcdMaintenance");
        Assert.Equal([1], outcome.Output);
        Assert.Single(outcome.ErrorIds);
        Assert.StartsWith("NoConnection", outcome.ErrorIds[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_cluster_in_the_shard_becomes_the_default() =>
        Assert.Equal(
            ["edge-1"],
            _shell
                .Run($"$null = {Connect} http://127.0.0.1:1 -ClusterName edge-1 -Shard 1/1; {Maintain}")
                .Output.Cast<EtcdMaintenanceReport>()
                .Select(report => report.ClusterName)
        );

    [Theory]
    [InlineData("0/20", "ShardInvalid")]
    [InlineData("21/20", "ShardInvalid")]
    [InlineData("x", "ShardInvalid")]
    [InlineData("3/0", "ShardInvalid")]
    [InlineData("''", "ParameterEmpty")]
    [InlineData("$unset", "ParameterEmpty")]
    public void Another_value_is_an_error_before_any_connection(string value, string errorId)
    {
        Assert.Equal(errorId, _shell.RunToError($"{Fleet(2)} | {Connect} -Shard {value}"));
        Assert.Empty(_shell.Run("Get-EtcdConnection").Output);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1' } | ", "-Shard 1/1")]
    [InlineData("", "http://127.0.0.1:1 -Shard 1/2")]
    [InlineData("", "http://127.0.0.1:1 -Shard 2/2")]
    public void A_shard_needs_the_name_of_the_cluster(string records, string arguments)
    {
        Outcome outcome = _shell.Run($"try {{ {records}{Connect} {arguments} -ErrorAction Stop }} catch {{ $_ }}");
        Assert.StartsWith(
            "ShardNeedsClusterName,",
            Assert.IsType<ErrorRecord>(Assert.Single(outcome.Output)).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("QuotaBytes = 'x'; Ring = '1'", "a Unreachable 1")]
    [InlineData("Ring = 'x'", "a Unreachable 0")]
    public void A_record_with_an_invalid_cell_stops_the_later_rings(string column, string expected)
    {
        Outcome outcome = _shell.Run(
            $"[pscustomobject]@{{ ClusterName = 'a'; Endpoint = 'http://127.0.0.1:1'; {column} }}, [pscustomobject]@{{ "
                + $"ClusterName = 'b'; Endpoint = 'http://127.0.0.1:1'; Ring = 2 }} | {Connect} | {Maintain}"
        );
        Assert.Equal([expected, "b NotAttempted 2"], Reports(outcome));
        Assert.Equal("CellInvalid", outcome.ErrorIds[0]);
    }

    [Fact]
    public void A_closed_connection_has_a_report_and_stops_the_later_rings()
    {
        Outcome outcome = _shell.Run(
            $"$closed = {Connect} http://127.0.0.1:1 -ClusterName a -Ring 1; Disconnect-EtcdCluster $closed; "
                + $"$closed, ({Connect} http://127.0.0.1:1 -ClusterName b -Ring 2) | {Maintain}"
        );
        Assert.Equal(["a NotAttempted 1", "b NotAttempted 2"], Reports(outcome));
        Assert.Equal(["ConnectionClosed"], outcome.ErrorIds);
    }

    [Fact]
    public void A_ring_comes_from_a_column_or_a_parameter_and_an_empty_cell_is_none()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ ClusterName = 'a'; Endpoint = 'http://127.0.0.1:1'; Ring = '2' }, [pscustomobject]@{ "
                + "ClusterName = 'b'; Endpoint = 'http://127.0.0.1:1'; Ring = '' } | "
                + $"{Connect} | ForEach-Object {{ \"$_ $($_.Ring)\" }}; "
                + $"({Connect} http://127.0.0.1:1 -Ring 7).Ring"
        );
        Assert.Equal(["7", "a 2", "b "], outcome.Output.Select(row => $"{row}").Order());
    }

    [Theory]
    [InlineData("$unset")]
    [InlineData("''")]
    public void A_ring_without_a_value_on_the_command_line_is_an_error(string value) =>
        Assert.Equal("ParameterEmpty", _shell.RunToError($"{Connect} http://127.0.0.1:1 -Ring {value}"));

    [Fact]
    public void An_empty_ring_does_not_hide_columns_of_other_parameter_sets()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ ClusterName = 'a'; Ring = ''; Context = 'none'; KubeConfig = '/no/such/file' } | "
                + "Connect-EtcdCluster"
        );
        Assert.Equal(["KubeConfigNotFound"], outcome.ErrorIds);
    }

    [Fact]
    public void A_cluster_that_could_not_be_reached_stops_the_later_rings()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ ClusterName = 'a'; Endpoint = ''; Ring = 1 }, [pscustomobject]@{ ClusterName = 'b'; "
                + $"Endpoint = 'http://127.0.0.1:1'; Ring = 2 }} | {Connect} | {Maintain}"
        );
        Assert.Equal(["a Unreachable 1", "b NotAttempted 2"], Reports(outcome));
    }

    public void Dispose() => _shell.Dispose();

    private static IEnumerable<string> Reports(Outcome outcome) =>
        outcome
            .Output.Cast<EtcdMaintenanceReport>()
            .Select(report => $"{report.ClusterName} {report.Status} {report.Ring}");
}

using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>-HistoryPath of the cmdlets that write a history, and Get-EtcdForecast.</summary>
public sealed class ForecastTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-forecast-").FullName;

    public ForecastTests() =>
        _cluster.OnMaintain = (observer, _) =>
        {
            observer.Emit(
                new EtcdMaintenanceReport
                {
                    ClusterName = "prod",
                    ClusterId = "c1",
                    StartedAt = DateTimeOffset.UtcNow,
                    Before = [.. _cluster.Members.Select(Samples.Status)],
                }
            );
            return Task.CompletedTask;
        };

    private string FilePath => Path.Combine(_folder, "a.jsonl");

    [Fact]
    public void A_run_and_a_status_are_recorded_and_the_forecast_has_too_few_samples()
    {
        Outcome outcome = Run(
            "$null = Invoke-EtcdMaintenance -Connection $c -HistoryPath \"$folder/a.jsonl\";"
                + "$null = Get-EtcdMemberStatus -Connection $c -HistoryPath \"$folder/a.jsonl\";"
                + "Get-EtcdForecast \"$folder/a.jsonl\""
        );
        Assert.Empty(outcome.ErrorText);
        var forecast = Assert.IsType<EtcdForecast>(Assert.Single(outcome.Output));
        Assert.Equal(
            ("prod", EtcdGrowthPattern.TooShort, 2),
            (forecast.ClusterName, forecast.Pattern, forecast.SampleCount)
        );
        Assert.NotNull(forecast.NextRunDue);
        Assert.Equal(2, File.ReadAllLines(FilePath).Length);
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("; $WhatIfPreference = $true; $null = Get-EtcdMemberStatus -Connection $c -HistoryPath $folder")]
    public void A_plan_records_nothing(string rest)
    {
        Outcome outcome = Run(
            rest[0] == '-'
                ? $"Invoke-EtcdMaintenance -Connection $c -HistoryPath \"$folder/a.jsonl\" {rest}"
                : rest[1..]
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("none", "HistoryFolderNotFound")]
    [InlineData("none/a.jsonl", "HistoryFolderNotFound")]
    [InlineData("report.json", "HistoryNotRegularFile")]
    public void A_path_that_cannot_be_written_ends_the_cmdlet_before_it_starts(string name, string errorId)
    {
        File.WriteAllText(Path.Combine(_folder, "report.json"), "{\n}");
        foreach (string cmdlet in new[] { "Invoke-EtcdMaintenance", "Get-EtcdMemberStatus" })
            Assert.Equal(
                errorId,
                _shell.RunToError(
                    $"{cmdlet} -Connection $c -HistoryPath \"$folder/{name}\"",
                    ("folder", _folder),
                    ("c", _cluster.Connection)
                )
            );
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("Get-EtcdForecast \"$folder/none.jsonl\"", "HistoryNotFound")]
    [InlineData("Get-EtcdForecast Variable:a", "HistoryPathNotFile")]
    [InlineData("Get-EtcdForecast $folder -ClusterName $unset", "ParameterEmpty")]
    public void A_history_that_cannot_be_read_ends_the_cmdlet(string script, string errorId) =>
        Assert.Equal(errorId, _shell.RunToError(script, ("folder", _folder)));

    [Fact]
    public void Clusters_are_chosen_by_name_by_pattern_and_from_the_pipeline()
    {
        var edge = new FakeCluster("edge", "c2");
        Outcome written = Run("$null = $c, $e | Get-EtcdMemberStatus -HistoryPath $folder", ("e", edge.Connection));
        Assert.Empty(written.ErrorText);
        Assert.Equal(2, Directory.GetFiles(_folder, "*.jsonl").Length);
        Assert.Equal(["edge", "prod"], Names("Get-EtcdForecast $folder"));
        Assert.Equal(["prod"], Names("Get-EtcdForecast $folder PROD"));
        Assert.Equal(["edge"], Names("Get-EtcdForecast $folder -ClusterName e*"));
        Assert.Equal(["prod"], Names("$c | Get-EtcdForecast $folder"));
        Assert.Empty(Names("@() | Get-EtcdForecast $folder"));
        Outcome missing = Run("Get-EtcdForecast $folder prod, test");
        Assert.Single(missing.Output);
        Assert.Equal(["ClusterNotInHistory"], missing.ErrorIds);
    }

    [Fact]
    public void A_damaged_line_is_a_warning()
    {
        Run("$null = Get-EtcdMemberStatus -Connection $c -HistoryPath \"$folder/a.jsonl\"");
        File.AppendAllText(FilePath, "{\"recordType\":\"EtcdHistory\",\"schemaVersion\":9}\n");
        Outcome outcome = Run("Get-EtcdForecast \"$folder/a.jsonl\"");
        Assert.Single(outcome.Output);
        Assert.StartsWith("HistoryDamaged: 1 of 2 lines", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_clusters_are_completed_from_the_history()
    {
        Run("$null = Get-EtcdMemberStatus -Connection $c -HistoryPath $folder");
        Outcome outcome = Run(
            "$line = \"Get-EtcdForecast '$folder' -ClusterName p\";"
                + "(TabExpansion2 $line $line.Length).CompletionMatches.CompletionText"
        );
        Assert.Equal(["prod"], outcome.Output);
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> Names(string script) =>
        Run(script).Output.Select(row => Assert.IsType<EtcdForecast>(row).ClusterName);

    private Outcome Run(string script, params (string Name, object? Value)[] variables) =>
        _shell.Run(script, [("folder", _folder), ("c", _cluster.Connection), .. variables]);
}

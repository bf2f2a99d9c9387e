using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Get-EtcdSpaceUsage -SnapshotPath: it reads a file, and no cluster.</summary>
public sealed class SnapshotUsageTests : IDisposable
{
    private readonly Shell _shell = new(width: 100);

    private readonly FakeCluster _cluster = new();

    private readonly WrittenSnapshot _file = new();

    public SnapshotUsageTests() =>
        _file
            .Put("/registry/pods/web/a", 4000)
            .Put("/registry/pods/web/a", 5000)
            .Put("/registry/minions/n", 10)
            .Delete("/registry/minions/n")
            .Save();

    [Fact]
    public void The_table_shows_the_history()
    {
        Outcome outcome = Run($"Get-EtcdSpaceUsage -SnapshotPath '{_file.FilePath}' | Out-Default");
        Assert.Empty(outcome.ErrorText);
        string[] lines = [.. outcome.Screen.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        Assert.Equal("   Snapshot: etcd.db", lines[0]);
        Assert.Matches("^Resource +Namespace +Keys +Size Share +Revisions DeadBytes$", lines[1]);
        Assert.Matches(@"^pods +web +1 +5.0 kB ████ 100% +2 +4.0 kB$", lines[3]);
        Assert.Matches(@"^nodes +0 +0 B ░░░░   0% +2 +48 B$", lines[4]);
        Assert.Equal("etcd.db: 1 keys in 2 groups, 5.0 kB, history 4.1 kB in 3 revisions.", lines[5]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 99));
    }

    [Fact]
    public void The_path_is_relative_to_the_location_and_no_cluster_is_called()
    {
        Outcome outcome = _shell.Run(
            $"$null = $ExecutionContext.SessionState.Path.SetLocation('{_file.FolderPath}'); "
                + "Get-EtcdSpaceUsage -SnapshotPath etcd.db -Prefix /registry/pods/ -Depth 1",
            ("c", _cluster.Connection)
        );
        Assert.Empty(outcome.ErrorText);
        EtcdSpaceUsage row = Assert.IsType<EtcdSpaceUsage>(Assert.Single(outcome.Output));
        Assert.Equal(("/registry/pods/", 2, 4020), (row.Prefix, row.Revisions, row.DeadBytes));
        Assert.Equal(_file.FilePath, row.SnapshotPath);
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("-Connection $c")]
    [InlineData("-CountOnly")]
    [InlineData("-Exact")]
    [InlineData("-SampleSeconds 5")]
    [InlineData("-MaximumBytesPerSecond 1MB")]
    [InlineData("-ThrottleLimit 2")]
    public void What_concerns_clusters_is_refused(string parameter)
    {
        string call = $"Get-EtcdSpaceUsage -SnapshotPath '{_file.FilePath}' {parameter}";
        Assert.Equal("AmbiguousParameterSet", _shell.RunToError(call, ("c", _cluster.Connection)));
        Assert.Empty(_cluster.Calls);
    }

    [Theory]
    [InlineData("$null", "ParameterArgumentValidationError")]
    [InlineData("''", "ParameterArgumentValidationError")]
    [InlineData("Variable:before.db", "SnapshotPathNotFile")]
    public void A_path_that_cannot_be_one_ends_the_cmdlet(string path, string errorId) =>
        Assert.StartsWith(
            errorId,
            _shell.RunToError($"Get-EtcdSpaceUsage -SnapshotPath {path}"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Piped_connections_are_refused_and_the_file_is_not_read()
    {
        Outcome outcome = Run($"$c | Get-EtcdSpaceUsage -SnapshotPath '{_file.FilePath}'");
        Assert.Equal(["InputObjectNotBound"], outcome.ErrorIds);
        Assert.Empty(outcome.Output);
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void A_file_that_is_missing_is_an_error_of_its_own_and_the_next_one_is_read()
    {
        Outcome outcome = Run(
            $"'{_file.FilePath}.old', '{_file.FilePath}' | ForEach-Object {{ Get-EtcdSpaceUsage -SnapshotPath $_ }}"
        );
        Assert.Equal(["SnapshotNotFound"], outcome.ErrorIds);
        Assert.Equal(2, outcome.Output.Count);
    }

    [Fact]
    public void A_damaged_file_gives_its_rows_and_then_a_non_terminating_error()
    {
        _file.Save(image => image.Meta(1).Clear());
        Outcome outcome = Run($"Get-EtcdSpaceUsage -SnapshotPath '{_file.FilePath}'; 'after'");
        Assert.Equal(["SnapshotFileDamaged"], outcome.ErrorIds);
        Assert.Equal(3, outcome.Output.Count);
    }

    public void Dispose()
    {
        _shell.Dispose();
        _file.Dispose();
    }

    private Outcome Run(string script) => _shell.Run(script, ("c", _cluster.Connection));
}

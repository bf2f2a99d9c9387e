using System.Management.Automation;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Test-EtcdSnapshot: the files it takes, the clusters it compares with, and what it emits.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-test-");

    private readonly FakeCluster _cluster = new();

    private readonly FakeCluster _other = new("staging", "c2");

    private readonly Shell _shell = new();

    public SnapshotTests()
    {
        foreach (string name in new[] { "a.db", "b.db", "[x].db" })
            File.WriteAllText(PathOf(name), "this is not a database");
        Directory.CreateDirectory(PathOf("folder.db"));
    }

    [Fact]
    public async Task The_variables_of_etcdctl_do_not_specify_the_cluster() =>
        Assert.Equal(
            ["False, compared: "],
            await Probe.RunAsync(
                $"Import-Module '{BuiltModule.Manifest}'; $report = Test-EtcdSnapshot '{PathOf("a.db")}'; "
                    + "\"$($report.IsValid), compared: $($report.ClusterName)$($report.MatchesCluster)\"",
                1,
                ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1")
            )
        );

    [Fact]
    public void Without_a_connection_the_file_is_read()
    {
        Outcome outcome = Run("Test-EtcdSnapshot $f/a.db");
        Assert.Empty(outcome.ErrorText);
        EtcdSnapshotReport report = ReportOf(Assert.Single(outcome.Output));
        Assert.Equal((PathOf("a.db"), false, null), (report.Path, report.IsValid, report.MatchesCluster));
        Assert.Equal((22L, null), (report.SizeBytes, report.Revision));
        Assert.Null(report.ClusterName);
        Assert.StartsWith("Snapshot", report.Finding[0].FindingId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-EtcdSnapshot $f/*.db", "[x].db a.db b.db")]
    [InlineData("Test-EtcdSnapshot $f/a.db, $f/b.db", "a.db b.db")]
    [InlineData("\"$f/a.db\", \"$f/b.db\" | Test-EtcdSnapshot", "a.db b.db")]
    [InlineData(
        "$ExecutionContext.InvokeProvider.ChildItem.Get($f, $false) | Where-Object PSIsContainer -eq $false "
            + "| Test-EtcdSnapshot",
        "[x].db a.db b.db"
    )]
    [InlineData("[IO.FileInfo]::new(\"$f/[x].db\") | Test-EtcdSnapshot", "[x].db")]
    [InlineData("Test-EtcdSnapshot -Path $f/[x].db", "[x].db")]
    [InlineData("Test-EtcdSnapshot -LiteralPath $f/[x].db", "[x].db")]
    [InlineData("Test-EtcdSnapshot -LiteralPath $f/[ab].db", "SnapshotNotFound")]
    [InlineData("Test-EtcdSnapshot -Path $f/[ab].db", "a.db b.db")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation($f); Test-EtcdSnapshot b.db", "b.db")]
    [InlineData("[pscustomobject]@{ Path = \"$f/b.db\"; Revision = 7 } | Test-EtcdSnapshot", "b.db")]
    [InlineData("Test-EtcdSnapshot $f/none.db, $f/a.db", "a.db SnapshotNotFound")]
    [InlineData("Test-EtcdSnapshot $f/none*", "SnapshotNotFound")]
    [InlineData("Test-EtcdSnapshot $f", "SnapshotNotRegularFile")]
    [InlineData("Test-EtcdSnapshot Variable:f", "SnapshotPathNotFile")]
    [InlineData("Test-EtcdSnapshot nodrive:/a.db, $f/a.db", "a.db DriveNotFound")]
    public void Files_are_taken_as_by_other_cmdlets(string script, string expected)
    {
        Outcome outcome = Run(script);
        string[] said =
        [
            .. outcome.Output.Select(row => Path.GetFileName(ReportOf(row).Path)).Order(StringComparer.Ordinal),
            .. outcome.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]),
        ];
        Assert.Equal(expected, string.Join(' ', said));
    }

    [Fact]
    public void A_given_connection_is_compared_with_and_a_closed_one_is_an_error()
    {
        Outcome outcome = Run("Test-EtcdSnapshot $f/a.db -Connection $c, $d");
        Assert.Equal(["prod", "staging"], outcome.Output.Select(row => ReportOf(row).ClusterName));
        Assert.Equal(["prod"], Run("$c | Test-EtcdSnapshot $f/a.db").Output.Select(row => ReportOf(row).ClusterName));
        Assert.Null(ReportOf(Assert.Single(Run("Test-EtcdSnapshot $f/a.db -Connection $null").Output)).ClusterName);
        _cluster.IsOpen = false;
        outcome = Run("Test-EtcdSnapshot $f/a.db -Connection $c, $d");
        Assert.Equal("ConnectionClosed", Assert.Single(outcome.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Single(outcome.Output);
    }

    [Fact]
    public void Snapshots_are_compared_with_the_clusters_from_which_they_come()
    {
        Outcome outcome = Run("$c, $d | Save-EtcdSnapshot -Path $f | Test-EtcdSnapshot");
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(["prod", "staging"], outcome.Output.Select(row => ReportOf(row).ClusterName));
        Assert.Equal(
            Path.GetFullPath(Samples.Snapshot(_cluster.Members[0]).Path),
            Assert.Single(_cluster.SnapshotTests).Path
        );
    }

    [Fact]
    public void Quiet_returns_one_value_for_each_file() =>
        Assert.Equal([false, false], Run("Test-EtcdSnapshot $f/a.db, $f/b.db -Quiet").Output);

    [Fact]
    public void A_snapshot_that_is_not_proven_is_a_row_and_an_error()
    {
        Assert.Equal(true, Assert.Single(Run("(Save-EtcdSnapshot $f -Connection $c -Prove).IsProven").Output));
        Assert.Null(Assert.Single(Run("(Save-EtcdSnapshot $f -Connection $c).IsProven").Output));
        _cluster.Unproven = new EtcdException(ErrorIds.SnapshotUnproven, EtcdErrorCategory.InvalidResult, "No.");
        Outcome outcome = Run("Save-EtcdSnapshot $f -Connection $c -Prove");
        Assert.Equal("SnapshotUnproven", Assert.Single(outcome.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.False(Assert.IsType<EtcdSnapshot>(Assert.Single(outcome.Output)).IsProven);
    }

    /// <summary>
    /// The file is valid. The holes behind its pages make the reading take minutes, and take no space.
    /// </summary>
    [Theory]
    [InlineData("")]
    [InlineData("-Quiet")]
    public async Task A_stop_ends_the_reading_without_a_report_and_closes_the_file(string parameter)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the open files of a process.");
        using var file = new WrittenSnapshot();
        file.Put("a", 10).Save(hasChecksum: false);
        Assert.True(ReportOf(Assert.Single(Run($"Test-EtcdSnapshot '{file.FilePath}'").Output)).IsValid);
        await using (FileStream holes = File.OpenWrite(file.FilePath))
            holes.SetLength(1L << 38);

        Outcome outcome = await _shell
            .RunAndStopAsync(
                $"Test-EtcdSnapshot '{file.FilePath}' {parameter}; 'not stopped'",
                Poll.UntilAsync(
                    () => IsOpen(file.FilePath),
                    Soon,
                    "the file is opened",
                    TestContext.Current.CancellationToken
                )
            )
            .WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Errors);
        Assert.False(IsOpen(file.FilePath));
    }

    public void Dispose()
    {
        _shell.Dispose();
        _folder.Delete(recursive: true);
    }

    private static EtcdSnapshotReport ReportOf(object? row) =>
        (EtcdSnapshotReport)(row is PSObject wrapped ? wrapped.BaseObject : row!);

    private static bool IsOpen(string path) =>
        Directory.GetFiles("/proc/self/fd").Any(descriptor => new FileInfo(descriptor).LinkTarget == path);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private Outcome Run(string script) =>
        _shell.Run(script, ("f", _folder.FullName), ("c", _cluster.Connection), ("d", _other.Connection));
}

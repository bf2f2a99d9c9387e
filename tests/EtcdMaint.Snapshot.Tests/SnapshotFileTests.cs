using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Snapshot.Tests;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    [Fact]
    public void An_empty_file_is_a_finding() =>
        Assert.Equal(SnapshotFindingKind.FileEmpty, Assert.Single(_file.Scan([]).Findings).Kind);

    [Fact]
    public void A_file_of_another_kind_is_a_finding()
    {
        foreach (int length in new[] { 1, 31, 32, 33, 79, 80, 512, 544, 5000, 70_000 })
        {
            byte[] text = Encoding.UTF8.GetBytes(new string('x', length));
            Assert.Contains(_file.Scan(text).Findings, finding => finding.Kind == SnapshotFindingKind.NotBoltFile);
        }
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_locked_file_are_told_apart()
    {
        Assert.Equal(SnapshotFileError.NotFound, Refused(_file.Path));
        Assert.Equal(SnapshotFileError.NotFound, Refused(Path.Combine(_file.FolderPath, "none", "snapshot.db")));
        Assert.Equal(SnapshotFileError.IsFolder, Refused(_file.FolderPath));

        File.WriteAllBytes(_file.Path, new byte[100]);
        using FileStream locked = new(_file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(SnapshotFileError.Unreadable, Refused(_file.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_the_right_to_read_it_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file.");
        File.WriteAllBytes(_file.Path, new byte[100]);
        File.SetUnixFileMode(_file.Path, UnixFileMode.None);
        Assert.Equal(SnapshotFileError.AccessDenied, Refused(_file.Path));
    }

    [Fact]
    public void A_pipe_and_a_device_do_not_stop_the_scan()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using (Process made = Process.Start("mkfifo", [_file.Path]))
            made.WaitForExit();
        foreach (string path in new[] { _file.Path, "/dev/null" })
        {
            using SnapshotFile file = SnapshotFile.Open(path);
            SnapshotScan scan = file.Scan(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(SnapshotFindingKind.FileEmpty, Assert.Single(scan.Findings).Kind);
            Assert.Null(file.Hash(1, -1));
        }
    }

    [Fact]
    public void A_link_leads_to_its_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows allows links to administrators only.");
        File.WriteAllBytes(_file.Path, Small().WithChecksum());
        string link = Path.Combine(_file.FolderPath, "link.db");
        File.CreateSymbolicLink(link, _file.Path);
        using SnapshotFile file = SnapshotFile.Open(link);
        Assert.Empty(file.Scan(cancellationToken: TestContext.Current.CancellationToken).Findings);
    }

    [Fact]
    public void A_file_that_becomes_shorter_during_the_scan_is_a_finding()
    {
        History history = History.Random(new Random(1), 20_000, 500, 200);
        using SnapshotFile file = _file.Write(history.AddTo(new BoltFileBuilder()).Build().WithChecksum());
        bool isCut = false;
        SnapshotScan scan = file.Scan(
            new SnapshotScanOptions
            {
                ComputeSha256 = false,
                Visitor = (in SnapshotRevision _) =>
                {
                    if (isCut)
                        return;
                    using FileStream other = new(_file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                    other.SetLength(10_000);
                    isCut = true;
                },
            },
            TestContext.Current.CancellationToken
        );
        Assert.Contains(scan.Findings, finding => finding.Kind == SnapshotFindingKind.ReadFailed);
        Assert.Null(scan.Hash);
    }

    [Fact]
    public void Progress_rises_to_1()
    {
        foreach (bool computesSha256 in new[] { true, false })
        {
            var reports = new Reports();
            History history = History.Random(new Random(1), 20_000, 500, 200);
            SnapshotScan scan = _file.Scan(
                history.AddTo(new BoltFileBuilder()).Build().WithChecksum(),
                new SnapshotScanOptions { Progress = reports, ComputeSha256 = computesSha256 }
            );
            Assert.Equal(computesSha256, scan.Sha256 is not null);
            Assert.Equal(reports.Fractions.Order(), reports.Fractions);
            Assert.True(reports.Fractions.Count > 10, $"{reports.Fractions.Count} reports");
            Assert.Equal(1, reports.Fractions[^1]);
        }
    }

    [Fact]
    public void A_scan_can_be_cancelled()
    {
        History history = History.Random(new Random(1), 5_000, 500, 200);
        using SnapshotFile file = _file.Write(history.AddTo(new BoltFileBuilder()).Build().WithChecksum());
        using var cancel = new CancellationTokenSource();
        int seen = 0;
        var options = new SnapshotScanOptions
        {
            Visitor = (in SnapshotRevision _) =>
            {
                seen++;
                cancel.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => file.Scan(options, cancel.Token));
        Assert.InRange(seen, 1, 1_000);
        Assert.ThrowsAny<OperationCanceledException>(() => file.ComputeHash(10, -1, null, cancel.Token));
    }

    /// <summary>The first scan pays for what is loaded once.</summary>
    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        long small = AllocatedBy(2_000);
        long large = AllocatedBy(40_000);
        Assert.True(large < small + 64 * 1024, $"{small} bytes, then {large} bytes");
    }

    public void Dispose() => _file.Dispose();

    private long AllocatedBy(int keys)
    {
        var history = new History();
        for (int i = 0; i < keys; i++)
            history.Write(($"/registry/{i}", new byte[500]));
        using SnapshotFile file = _file.Write(history.AddTo(new BoltFileBuilder()).Build().WithChecksum());
        long allocated = 0;
        for (int run = 0; run < 2; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(file.Scan(cancellationToken: TestContext.Current.CancellationToken).IsValid);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return allocated;
    }

    private static SnapshotFileError Refused(string path) =>
        Assert.Throws<SnapshotFileException>(() => SnapshotFile.Open(path)).Error;

    private static BoltImage Small() => History.Random(new Random(1), 100, 10).AddTo(new BoltFileBuilder()).Build();

    private sealed class Reports : IProgress<double>
    {
        public List<double> Fractions { get; } = [];

        public void Report(double value) => Fractions.Add(value);
    }
}

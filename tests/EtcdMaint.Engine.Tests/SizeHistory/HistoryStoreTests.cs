using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Engine.Tests.SizeHistory;

/// <summary>The file or folder of a history: its lines, its limit, and the paths that are refused.</summary>
public sealed class HistoryStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-history-").FullName;

    private string FilePath => Path.Combine(_folder, "a.jsonl");

    [Fact]
    public void Lines_are_appended_to_the_file()
    {
        HistoryStore.At(FilePath, isPlan: false).Append(SampleHistory.Status(0, 1));
        HistoryStore.At(FilePath, isPlan: false).Append(SampleHistory.Status(1, 2));
        Assert.Equal([1, 2], Read(FilePath).Select(record => record.Member[0].DbSize));
    }

    [Fact]
    public void A_folder_has_a_file_for_each_cluster()
    {
        var history = HistoryStore.At(_folder, isPlan: false);
        history.Append(SampleHistory.Status(0, 1, cluster: "../prod: eu", clusterId: "c1"));
        history.Append(SampleHistory.Status(0, 2, cluster: "edge", clusterId: "c2"));
        history.Append(SampleHistory.Status(1, 3, cluster: "edge", clusterId: "c2"));
        Assert.Equal(
            ["___prod__eu-c1.jsonl", "edge-c2.jsonl"],
            HistoryStore.Files(_folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, Read(Path.Combine(_folder, "edge-c2.jsonl")).Count);
    }

    [Fact]
    public void Each_path_that_cannot_be_used_has_its_own_error()
    {
        File.WriteAllText(Path.Combine(_folder, "report.json"), "{\n  \"schemaVersion\": 1\n}");
        Assert.Equal("HistoryFolderNotFound", Refused("none"));
        Assert.Equal("HistoryFolderNotFound", Refused(Path.Combine("none", "a.jsonl")));
        Assert.Equal("HistoryFolderNotFound", Refused("none" + Path.DirectorySeparatorChar));
        Assert.Equal("HistoryNotRegularFile", Refused("report.json"));
        Assert.Equal("{\n  \"schemaVersion\": 1\n}", File.ReadAllText(Path.Combine(_folder, "report.json")));
        Assert.Equal(
            "HistoryNotFound",
            Assert.ThrowsAny<EtcdException>(() => HistoryStore.Files(Path.Combine(_folder, "none"))).ErrorId
        );
    }

    [Fact]
    public async Task A_named_pipe_is_refused()
    {
        await SpecialFiles.MakePipeAsync(FilePath);
        Assert.Equal("HistoryNotRegularFile", Refused("a.jsonl"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused()
    {
        SpecialFiles.SkipOnWindows();
        Assert.SkipUnless(Directory.Exists("/proc/self"), "This system has no folder that even root cannot write.");
        Assert.Equal(
            "HistoryUnwritable",
            Assert.ThrowsAny<EtcdException>(() => HistoryStore.At("/proc/self", isPlan: false)).ErrorId
        );
        Assert.Equal(
            "HistoryUnwritable",
            Assert.ThrowsAny<EtcdException>(() => HistoryStore.At("/proc/self/a.jsonl", isPlan: false)).ErrorId
        );
    }

    [Fact]
    public void A_plan_writes_nothing()
    {
        HistoryStore.At(FilePath, isPlan: true);
        HistoryStore.At(_folder, isPlan: true);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Throws<EtcdException>(() => HistoryStore.At(Path.Combine(_folder, "none"), isPlan: true));
    }

    [Fact]
    public void A_file_keeps_the_newest_lines_of_each_cluster_and_does_not_grow_without_bound()
    {
        // Almost twice the size of a small file, so that one of the next lines passes it.
        var lines = new List<byte[]> { HistoryJson.Write(SampleHistory.Status(0, 7, cluster: "rare")) };
        for (long bytes = 0; bytes < (2 * HistoryRetention.SmallFile) - 2000; bytes += lines[^1].Length + 1)
            lines.Add(HistoryJson.Write(SampleHistory.Status(lines.Count / 24.0, lines.Count)));
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
            file.Replace(lines.Select(line => (ReadOnlyMemory<byte>)line));
        var history = HistoryStore.At(FilePath, isPlan: false);
        int count = lines.Count;
        for (; new FileInfo(FilePath).Length > HistoryRetention.SmallFile; count++)
        {
            Assert.InRange(count, 0, lines.Count + 20);
            history.Append(SampleHistory.Status(count / 24.0, count));
        }
        IReadOnlyList<HistoryRecord> kept = Read(FilePath);
        Assert.Equal(1, kept.Count(record => record.ClusterName == "rare"));
        long[] sizes = [.. kept.Where(r => r.ClusterName == "prod").Select(r => r.Member[0].DbSize)];
        Assert.Equal(HistoryRetention.MaximumLines, sizes.Length);
        Assert.Equal(Enumerable.Range(count - sizes.Length, sizes.Length).Select(i => (long)i), sizes);
    }

    [Fact]
    public void A_status_of_every_second_does_not_displace_the_samples_of_weeks()
    {
        var lines = Enumerable
            .Range(0, 500)
            .Select(hour => HistoryJson.Write(SampleHistory.Status(hour / 24.0, hour)))
            .ToList();
        for (long bytes = 0; bytes < 2 * HistoryRetention.SmallFile; bytes += lines[^1].Length + 1)
            lines.Add(HistoryJson.Write(SampleHistory.Status(21 + (lines.Count / 86400.0), 1)));
        using (JsonLineFile file = JsonLineFile.TryOpen(FilePath)!)
        {
            file.Replace(lines.Select(line => (ReadOnlyMemory<byte>)line));
            HistoryRetention.Apply(file, (int)file.Length - 1, SampleHistory.Start.AddDays(22));
        }
        IReadOnlyList<HistoryRecord> kept = Read(FilePath);
        Assert.Equal(Enumerable.Range(0, 500), kept.Take(500).Select(record => (int)record.Member[0].DbSize));
        Assert.InRange(kept.Count, 501, 510);
    }

    [Fact]
    public void A_failure_to_write_is_a_warning_after_the_report()
    {
        var history = HistoryStore.At(FilePath, isPlan: false);
        File.Delete(FilePath);
        Directory.CreateDirectory(FilePath);
        var rows = new List<string>();
        var recorder = new RunRecorder { OnRow = _ => rows.Add("row"), OnWarned = rows.Add };
        new HistoryObserver(history, recorder, TimeProvider.System).Emit(SampleReports.Rescued);
        Assert.Equal("row", rows[0]);
        Assert.StartsWith(
            "HistoryNotWritten: The sizes of cluster 'prod <eu>' were not recorded.",
            Assert.Single(rows.Skip(1)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_report_is_a_line_and_status_rows_are_one_line()
    {
        var recorder = new HistoryObserver(
            HistoryStore.At(FilePath, isPlan: false),
            new RunRecorder(),
            TimeProvider.System
        );
        recorder.Emit(SampleReports.Rescued);
        Assert.Single(Read(FilePath));
        foreach (EtcdMemberStatus row in SampleReports.Rescued.Before)
            recorder.Emit(row);
        recorder.AppendStatus();
        Assert.Equal([3, 3], Read(FilePath).Select(record => record.Member.Count));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IReadOnlyList<HistoryRecord> Read(string path) => HistoryFileReader.Read(path).Records;

    private string Refused(string name) =>
        Assert.ThrowsAny<EtcdException>(() => HistoryStore.At(Path.Combine(_folder, name), isPlan: false)).ErrorId;
}

using System.Reflection;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Fleet;
using EtcdMaint.Journal;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Tests.Journal;

/// <summary>The journal of a run: what it keeps, what counts as done, and how it survives an interruption.</summary>
public sealed class MaintenanceJournalTests : IDisposable
{
    private static readonly ResumePolicy Policy = new(retriesFailed: false);

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-journal-").FullName;

    private string FilePath => Path.Combine(_folder, "run.jsonl");

    [Fact]
    public void A_result_is_found_again_with_all_its_values_and_marked()
    {
        EtcdMaintenanceReport report = RandomReports.Create(7, EtcdMaintenanceStatus.Succeeded);
        Write(Report("a"), report, Report("z"));
        using MaintenanceJournal journal = Open();
        EtcdMaintenanceReport found = journal.FindDone(report.ClusterName, null, 3)!;
        Assert.Equal((true, 3), (found.IsResumed, found.Ring));
        Assert.Equal(RandomReports.Describe(report.AsResumed(3)), RandomReports.Describe(found));
        Assert.Null(journal.FindDone("other", null, null));
    }

    [Fact]
    public void The_first_line_is_a_header_and_each_result_is_one_line()
    {
        Write(SampleReports.All);
        string[] lines = File.ReadAllLines(FilePath);
        Assert.StartsWith("{\"kind\":\"EtcdMaintJournal\",\"schemaVersion\":1,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + SampleReports.All.Count(report => report.Step.Length > 0), lines.Length);
        Assert.Equal([FilePath], Directory.GetFiles(_folder)); // the lock is gone
    }

    [Theory]
    [InlineData(EtcdMaintenanceStatus.Succeeded, false, true, true)]
    [InlineData(EtcdMaintenanceStatus.NothingToDo, false, true, true)]
    [InlineData(EtcdMaintenanceStatus.Skipped, false, true, true)]
    [InlineData(EtcdMaintenanceStatus.Failed, true, true, false)]
    [InlineData(EtcdMaintenanceStatus.Failed, false, false, false)]
    [InlineData(EtcdMaintenanceStatus.NotAttempted, true, false, false)]
    [InlineData(EtcdMaintenanceStatus.Unreachable, false, false, false)]
    [InlineData(EtcdMaintenanceStatus.Planned, false, false, false)]
    public void The_status_decides_whether_a_cluster_is_done(
        EtcdMaintenanceStatus status,
        bool changeBegan,
        bool isDone,
        bool isDoneAfterALook
    )
    {
        Write(Report("a", status, changeBegan: changeBegan));
        using (MaintenanceJournal journal = Open())
            Assert.Equal(isDone, journal.FindDone("a", "1", null) is not null);
        using (MaintenanceJournal journal = MaintenanceJournal.Open(FilePath, new ResumePolicy(retriesFailed: true)))
            Assert.Equal(isDoneAfterALook, journal.FindDone("a", "1", null) is not null);
    }

    [Fact]
    public void Plans_clusters_that_never_started_and_earlier_results_are_not_recorded()
    {
        Write(
            Report("a", EtcdMaintenanceStatus.Planned),
            Report("b").AsResumed(null),
            new EtcdMaintenanceReport { ClusterName = "c", Status = EtcdMaintenanceStatus.NotAttempted }
        );
        Assert.Single(File.ReadAllLines(FilePath));
    }

    [Fact]
    public void The_last_result_of_a_cluster_counts()
    {
        Write(Report("a", EtcdMaintenanceStatus.Unreachable, id: ""), Report("b"));
        Write(Report("A", reason: "the second attempt"), Report("b", EtcdMaintenanceStatus.Failed, changeBegan: false));
        using MaintenanceJournal journal = Open();
        Assert.Equal("the second attempt", journal.FindDone("a", "1", null)?.Reason);
        Assert.Null(journal.FindDone("b", "1", null));
    }

    [Fact]
    public void Another_cluster_of_the_same_name_is_not_done()
    {
        Write(Report("a", id: "1"));
        using (MaintenanceJournal journal = Open())
        {
            Assert.NotNull(journal.FindDone("a", "1", null));
            Assert.NotNull(journal.FindDone("a", null, null));
            Assert.Null(journal.FindDone("a", "2", null));
            journal.Append(Report("a", EtcdMaintenanceStatus.Failed, id: "2", changeBegan: false));
        }
        using (MaintenanceJournal journal = Open())
        {
            Assert.NotNull(journal.FindDone("a", "1", null));
            Assert.Null(journal.FindDone("a", null, null));
        }
    }

    [Fact]
    public void A_journal_that_was_cut_at_any_byte_is_continued_after_its_last_complete_line()
    {
        Write(Report("first"), Report("second"));
        byte[] whole = File.ReadAllBytes(FilePath);
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n')];
        Assert.Equal(3, ends.Length);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            using (MaintenanceJournal journal = Open())
            {
                // Without its line break, a line is already complete.
                Assert.Equal(length >= ends[1], journal.FindDone("first", "1", null) is not null);
                Assert.Equal(length >= ends[2], journal.FindDone("second", "1", null) is not null);
                journal.Append(Report("third"));
            }
            string[] expected =
            [
                .. length >= ends[1] ? ["first"] : (string[])[],
                .. length >= ends[2] ? ["second"] : (string[])[],
                "third",
            ];
            Assert.Equal(expected, Names());
        }
    }

    [Fact]
    public void A_plan_reads_a_cut_journal_and_does_not_change_it()
    {
        Write(Report("first"), Report("second"));
        byte[] cut = File.ReadAllBytes(FilePath)[..^20];
        File.WriteAllBytes(FilePath, cut);
        using (MaintenanceJournal running = MaintenanceJournal.OpenToRead(FilePath, Policy)!)
        {
            Assert.NotNull(running.FindDone("first", "1", null));
            Assert.Null(running.FindDone("second", "1", null));
            running.Append(Report("third"));
        }
        Assert.Equal(cut, File.ReadAllBytes(FilePath));
        Assert.Null(MaintenanceJournal.OpenToRead(Path.Combine(_folder, "none"), Policy));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("first", "JournalDamaged", "Line 2")]
    [InlineData("second", "JournalDamaged", "Line 3")]
    [InlineData("EtcdMaintJournal", "JournalDamaged", "not a journal")]
    [InlineData("\"schemaVersion\":1", "JournalVersionUnknown", "the schema version 2")]
    public void A_damaged_line_is_an_error_and_nothing_is_changed(string place, string errorId, string message)
    {
        Write(Report("first"), Report("second"), Report("third"));
        string text = File.ReadAllText(FilePath);
        string other = place.EndsWith('1') ? "\"schemaVersion\":2" : "\"\0";
        File.WriteAllText(FilePath, text.Replace(place, other, StringComparison.Ordinal) + "{\"torn");
        byte[] before = File.ReadAllBytes(FilePath);
        EtcdException error = Assert.ThrowsAny<EtcdException>(() => Open());
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("precious")]
    [InlineData("precious\n")]
    [InlineData("{\"kind\":\"other\",")]
    [InlineData("\n")]
    [InlineData("[1]\n")]
    public void A_file_that_is_not_a_journal_is_not_changed(string content)
    {
        File.WriteAllText(FilePath, content);
        Assert.Equal("JournalDamaged", Assert.ThrowsAny<EtcdException>(() => Open()).ErrorId);
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_second_run_is_refused_while_the_first_one_uses_the_journal()
    {
        using (MaintenanceJournal first = Open())
        {
            EtcdException error = Assert.ThrowsAny<EtcdException>(() => Open());
            Assert.Equal(("JournalInUse", EtcdErrorCategory.ResourceBusy), (error.ErrorId, error.Category));
            Assert.Contains($"process {Environment.ProcessId} on ", error.Message, StringComparison.Ordinal);
            first.Append(Report("a"));
            Assert.Contains("\"a\"", SharedFile.ReadAllText(FilePath), StringComparison.Ordinal); // readable meanwhile
        }
        using MaintenanceJournal next = Open();
        Assert.NotNull(next.FindDone("a", "1", null));
    }

    [Fact]
    public void A_lock_file_of_a_killed_process_does_not_prevent_a_run()
    {
        File.WriteAllText($"{FilePath}.lock", "process 1 on an earlier machine");
        Write(Report("a"));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Paths_that_cannot_be_journals_have_their_own_errors()
    {
        Assert.Equal("JournalPathNotFile", Refused(_folder));
        Assert.Equal("JournalPathNotFile", Refused(_folder + Path.DirectorySeparatorChar));
        Assert.Equal("JournalFolderNotFound", Refused(Path.Combine(_folder, "no", "run.jsonl")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_refused_and_a_link_is_followed()
    {
        string pipe = Path.Combine(_folder, "pipe");
        await SpecialFiles.MakePipeAsync(pipe);
        Assert.Equal("JournalNotRegularFile", Refused(pipe));
        Assert.Equal("JournalNotRegularFile", Refused("/dev/null"));

        Write(Report("a"));
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, FilePath);
        using (MaintenanceJournal journal = MaintenanceJournal.Open(link, Policy))
        {
            Assert.NotNull(journal.FindDone("a", "1", null));
            Assert.Equal("JournalInUse", Refused(FilePath));
        }
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_after_the_current_cluster()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        ScriptedCluster[] clusters = [new("a"), new("b")];
        var recorder = new RunRecorder();
        using MaintenanceJournal journal = Open();
        using SafeFileHandle full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        typeof(MaintenanceJournal)
            .GetField("_lines", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(journal, new LineAppender(full, 100));
        var fleet = new MaintenanceFleet(1, 1, null, TimeProvider.System) { Journal = journal };
        await fleet.RunAsync(
            [.. clusters.Select(c => c.Connection)],
            RunbookScenario.Request,
            recorder,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            ["a:Succeeded", "b:NotAttempted"],
            recorder.Rows<EtcdMaintenanceReport>().Select(r => $"{r.ClusterName}:{r.Status}")
        );
        Assert.Equal("JournalUnwritable", Assert.Single(recorder.Errors).ErrorId);
        Assert.False(clusters[1].WasStarted);
    }

    [Fact]
    public void A_journal_of_many_clusters_keeps_little_in_memory()
    {
        using (MaintenanceJournal journal = Open())
        {
            for (int i = 0; i < 200; i++)
                journal.Append(Report($"c{i}", reason: new string('x', 100_000)));
        }
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using MaintenanceJournal again = Open();

        // The results have 20 MB. Tests that run at the same time use memory too.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 10_000_000);
        Assert.Equal(100_000, again.FindDone("c150", "1", null)!.Reason.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static EtcdMaintenanceReport Report(
        string name,
        EtcdMaintenanceStatus status = EtcdMaintenanceStatus.Succeeded,
        string id = "1",
        bool changeBegan = true,
        string reason = "done"
    ) =>
        new()
        {
            ClusterName = name,
            ClusterId = id,
            Status = status,
            Reason = reason,
            ChangeBegan = changeBegan,
            Step = status is EtcdMaintenanceStatus.NotAttempted ? [new EtcdMaintenanceStep { Name = "Health" }] : [],
        };

    private MaintenanceJournal Open() => MaintenanceJournal.Open(FilePath, Policy);

    private static string Refused(string path) =>
        Assert.ThrowsAny<EtcdException>(() => MaintenanceJournal.Open(path, Policy)).ErrorId;

    private void Write(params IEnumerable<EtcdMaintenanceReport> reports)
    {
        using MaintenanceJournal journal = Open();
        foreach (EtcdMaintenanceReport report in reports)
            journal.Append(report);
    }

    private IEnumerable<string> Names() =>
        File.ReadAllLines(FilePath).Skip(1).Select(line => line.Split("\"clusterName\":\"")[1].Split('"')[0]);
}

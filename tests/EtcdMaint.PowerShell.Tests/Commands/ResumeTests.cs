using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Invoke-EtcdMaintenance -ResumePath continues an earlier run.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Maintain = "Invoke-EtcdMaintenance -ResumePath $journal -Confirm:$false";

    private readonly Shell _shell = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-resume-").FullName;

    private string Journal => Path.Combine(_folder, "run.jsonl");

    [Fact]
    public void A_second_run_maintains_only_what_is_missing_and_emits_every_report()
    {
        FakeCluster[] clusters = [New("a"), New("b", EtcdMaintenanceStatus.NotAttempted), New("c")];
        Assert.Equal(["a Succeeded False", "b NotAttempted False", "c Succeeded False"], Rows(Run(Maintain, clusters)));
        clusters[1].OnMaintain = Emitting(clusters[1], EtcdMaintenanceStatus.Succeeded);
        Assert.Equal(["a Succeeded True", "b Succeeded False", "c Succeeded True"], Rows(Run(Maintain, clusters)));
        Assert.Equal(["a Succeeded True", "b Succeeded True", "c Succeeded True"], Rows(Run(Maintain, clusters)));
        Assert.Equal([1, 2, 1], clusters.Select(cluster => cluster.Calls.Count));
    }

    [Fact]
    public void No_call_is_made_to_a_cluster_that_is_done_even_if_another_has_its_ID()
    {
        FakeCluster a = New("a");
        Run(Maintain, a);
        FakeCluster twin = New("twin");
        twin.Connection.Learn(a.Connection.ClusterId!);
        Assert.Equal(["a Succeeded True", "twin Succeeded False"], Rows(Run(Maintain, a, twin)));
        Assert.Single(a.Calls);
        Assert.Equal(0, a.Raft.Appended);
    }

    [Fact]
    public void Another_cluster_of_the_same_name_is_maintained()
    {
        Run(Maintain, New("a", id: "1"));
        FakeCluster other = New("a", id: "2");
        Assert.Equal(["a Succeeded False"], Rows(Run(Maintain, other)));
        Assert.Single(other.Maintenances);
    }

    [Fact]
    public void A_failure_after_a_change_waits_for_an_operator()
    {
        FakeCluster failed = New("a", EtcdMaintenanceStatus.Failed, changeBegan: true);
        FakeCluster next = New("b");
        Assert.Equal(["a Failed False", "b NotAttempted False"], Rows(Run(Maintain, failed, next)));
        Assert.Equal(["a Failed True", "b NotAttempted False"], Rows(Run(Maintain, failed, next)));
        Assert.Single(failed.Maintenances);
        Assert.Empty(next.Maintenances);

        failed.OnMaintain = Emitting(failed, EtcdMaintenanceStatus.Succeeded);
        Assert.Equal(["a Succeeded False", "b Succeeded False"], Rows(Run($"{Maintain} -RetryFailed", failed, next)));
    }

    [Fact]
    public void A_failure_before_a_change_is_tried_again()
    {
        FakeCluster failed = New("a", EtcdMaintenanceStatus.Failed);
        Run(Maintain, failed);
        Run(Maintain, failed);
        Assert.Equal(2, failed.Maintenances.Count);
    }

    [Fact]
    public void A_failed_ring_of_an_earlier_run_still_stops_the_next_ring()
    {
        FakeCluster failed = New("a", EtcdMaintenanceStatus.Failed, changeBegan: true);
        FakeCluster next = New("b");
        (failed.Connection.Ring, next.Connection.Ring) = (1, 2);
        string script = $"{Maintain} -FailureLimit 9";
        Run(script, failed, next);
        Outcome again = Run(script, failed, next);
        Assert.Equal(
            "ring 1 did not end without failures: cluster 'a' failed",
            again.Output.Cast<EtcdMaintenanceReport>().Last().Reason
        );
        Assert.Empty(next.Maintenances);
    }

    [Fact]
    public void A_plan_shows_what_is_missing_and_writes_nothing()
    {
        FakeCluster[] clusters = [New("a"), New("b", EtcdMaintenanceStatus.Planned)];
        Run(Maintain, clusters[0]);
        string before = File.ReadAllText(Journal);
        Assert.Equal(["a Succeeded True", "b Planned False"], Rows(Run($"{Maintain} -WhatIf", clusters)));
        Assert.Equal(before, File.ReadAllText(Journal));

        File.Delete(Journal);
        Run($"{Maintain} -WhatIf", clusters);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_done_cluster_that_cannot_be_reached_keeps_its_result()
    {
        const string records =
            "[pscustomobject]@{ ClusterName = 'A'; Endpoint = 'http://127.0.0.1:1' }, [pscustomobject]@{ ClusterName "
            + "= 'dead'; Endpoint = 'http://127.0.0.1:1' } | Connect-EtcdCluster -TimeoutSeconds 5";
        Run(Maintain, New("a"));
        Assert.Equal(["a Succeeded True", "dead Unreachable False"], Rows(Run($"{records} | {Maintain}")));
    }

    [Fact]
    public void A_second_run_at_the_same_time_is_refused_before_it_starts()
    {
        FakeCluster first = New("a");
        FakeCluster second = New("b");
        var refused = new List<string>();
        first.OnMaintain = async (observer, stop) =>
        {
            using var other = new Shell();
            Outcome outcome = other.Run($"$c | {Maintain}", ("c", second.Connection), ("journal", Journal));
            refused.AddRange(outcome.ErrorIds);
            await Emitting(first, EtcdMaintenanceStatus.Succeeded)(observer, stop);
        };
        Run(Maintain, first);
        Assert.Equal(["JournalInUse"], refused);
        Assert.Empty(second.Calls);
        Assert.Equal(["a Succeeded True", "b Succeeded False"], Rows(Run(Maintain, first, second)));
    }

    [Fact]
    public async Task After_a_stop_another_run_can_use_the_journal()
    {
        FakeCluster[] clusters = [New("a"), New("b")];
        var started = new TaskCompletionSource();
        clusters[1].OnMaintain = async (observer, stop) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            await Emitting(clusters[1], EtcdMaintenanceStatus.NotAttempted)(observer, stop);
        };
        await _shell.RunAndStopAsync(
            $"$c | {Maintain} -ThrottleLimit 1",
            started.Task,
            ("c", clusters.Select(cluster => cluster.Connection).ToArray()),
            ("journal", Journal)
        );
        clusters[1].OnMaintain = Emitting(clusters[1], EtcdMaintenanceStatus.Succeeded);
        Assert.Equal(["a Succeeded True", "b Succeeded False"], Rows(Run(Maintain, clusters)));
    }

    [Theory]
    [InlineData("$folder", "JournalPathNotFile")]
    [InlineData("$folder/no/run.jsonl", "JournalFolderNotFound")]
    [InlineData("Variable:journal", "JournalPathNotFile")]
    [InlineData("$folder/text", "JournalDamaged")]
    [InlineData("''", "ParameterEmpty")]
    public void A_path_that_cannot_be_used_is_an_error_before_anything_starts(string path, string errorId)
    {
        File.WriteAllText(Path.Combine(_folder, "text"), "precious");
        FakeCluster cluster = New("a");
        Assert.Equal(
            errorId,
            _shell.RunToError(
                $"$c | Invoke-EtcdMaintenance -ResumePath {path}",
                ("c", cluster.Connection),
                ("folder", _folder)
            )
        );
        Assert.Empty(cluster.Calls);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_folder, "text")));
    }

    [Fact]
    public void Two_clusters_of_one_name_are_an_error_before_anything_starts()
    {
        FakeCluster[] same = [New("a", id: "1"), New("A", id: "2")];
        Assert.Equal("ClusterNameRepeated", Assert.Single(Run(Maintain, same).ErrorIds));
        Assert.All(same, cluster => Assert.Empty(cluster.Calls));
    }

    [Fact]
    public void RetryFailed_without_a_journal_is_an_error_before_anything_starts()
    {
        FakeCluster cluster = New("a");
        Assert.Equal(["RetryFailedNeedsResumePath"], Run("Invoke-EtcdMaintenance -RetryFailed", cluster).ErrorIds);
        Assert.Empty(cluster.Calls);
    }

    [Fact]
    public void Two_clusters_of_one_name_that_cannot_be_reached_are_an_error_too()
    {
        const string records =
            "1, 2 | ForEach-Object { [pscustomobject]@{ ClusterName = 'a'; Endpoint = \"http://127.0.0.1:$_\" } } | "
            + "Connect-EtcdCluster -TimeoutSeconds 5";
        Run(Maintain, New("a"));
        Assert.Contains("ClusterNameRepeated", Run($"{records} | {Maintain}").ErrorIds);
    }

    [Fact]
    public void A_journal_of_an_earlier_maintenance_causes_one_warning()
    {
        FakeCluster[] clusters = [New("a", at: DateTimeOffset.UtcNow.AddDays(-7)), New("b", at: DateTimeOffset.UtcNow)];
        Assert.Empty(Run(Maintain, clusters).Warnings);
        Assert.StartsWith(
            $"JournalOutdated: The journal {Journal} contains a result of a from ",
            Assert.Single(Run(Maintain, clusters).Warnings),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_journal_without_old_results_causes_no_warning()
    {
        FakeCluster recent = New("a", at: DateTimeOffset.UtcNow.AddDays(-5));
        Run(Maintain, recent);
        Assert.Empty(Run(Maintain, recent).Warnings);
    }

    [Fact]
    public void Both_views_mark_an_earlier_result_and_the_summary_does_not_count_its_members()
    {
        FakeCluster a = New("a");
        Run(Maintain, a);
        Outcome again = Run($"{Maintain} -InformationVariable told; $told", a);
        Assert.Contains("1 of them done in an earlier run", $"{again.Output[1]}", StringComparison.Ordinal);
        Assert.DoesNotContain("defragmented", $"{again.Output[1]}", StringComparison.Ordinal);
        Assert.Contains("done in an earlier run: ok", _shell.Render(again.Output[0]), StringComparison.Ordinal);
        // The table of Format-Table shows this property.
        Assert.Equal(["done in an earlier run: ok"], _shell.Run("$r.ViewReason", ("r", again.Output[0])).Output);
    }

    [Theory]
    [InlineData(EtcdMaintenanceStatus.Succeeded, 0)]
    [InlineData(EtcdMaintenanceStatus.NothingToDo, 0)]
    [InlineData(EtcdMaintenanceStatus.Skipped, 0)]
    [InlineData(EtcdMaintenanceStatus.Planned, 0)]
    [InlineData(EtcdMaintenanceStatus.Failed, 1)]
    [InlineData(EtcdMaintenanceStatus.NotAttempted, 2)]
    [InlineData(EtcdMaintenanceStatus.Unreachable, 2)]
    public void Each_status_has_its_exit_code(EtcdMaintenanceStatus status, int code) =>
        Assert.Equal(code, new EtcdMaintenanceReport { Status = status }.ExitCode);

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FakeCluster New(
        string name,
        EtcdMaintenanceStatus status = EtcdMaintenanceStatus.Succeeded,
        bool changeBegan = false,
        string? id = null,
        DateTimeOffset? at = null
    )
    {
        var cluster = new FakeCluster(name, id ?? $"c{name}");
        cluster.OnMaintain = Emitting(cluster, status, changeBegan, at);
        return cluster;
    }

    private static Func<IRunObserver, CancellationToken, Task> Emitting(
        FakeCluster cluster,
        EtcdMaintenanceStatus status,
        bool changeBegan = false,
        DateTimeOffset? at = null
    ) =>
        (observer, _) =>
        {
            observer.Emit(
                new EtcdMaintenanceReport
                {
                    ClusterName = cluster.Connection.ClusterName,
                    ClusterId = cluster.Connection.ClusterId!,
                    Ring = cluster.Connection.Ring,
                    Status = status,
                    Reason = "ok",
                    StartedAt = at ?? DateTimeOffset.UtcNow,
                    ChangeBegan = changeBegan,
                    Defrag = [cluster.Result(0, EtcdDefragStatus.Defragmented)],
                }
            );
            return Task.CompletedTask;
        };

    private static IEnumerable<string> Rows(Outcome outcome)
    {
        Assert.Null(outcome.Terminating);
        return outcome
            .Output.Cast<EtcdMaintenanceReport>()
            .Select(report => $"{report.ClusterName} {report.Status} {report.IsResumed}")
            .Order();
    }

    private Outcome Run(string script, params FakeCluster[] clusters) =>
        _shell.Run(
            script.Contains('|', StringComparison.Ordinal) ? script : $"$c | {script}",
            ("c", clusters.Select(cluster => cluster.Connection).ToArray()),
            ("journal", Journal)
        );
}

using System.Diagnostics;
using System.Management.Automation;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Pipeline;

/// <summary>The output of the engine reaches the pipeline in order, and a stop waits for the current member.</summary>
public sealed class PipelineTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    private readonly TaskCompletionSource _atWork = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void Rows_are_written_before_their_errors_and_while_the_run_continues()
    {
        var seen = new List<string>();
        _cluster.OnDefrag = (request, observer, _) =>
        {
            observer.LogVerbose("starting");
            observer.Warn("careful");
            observer.Emit(_cluster.Result(0, EtcdDefragStatus.Failed));
            observer.ReportError(
                new EtcdException(
                    "DiskFull",
                    EtcdErrorCategory.ResourceUnavailable,
                    "no room",
                    "make room",
                    _cluster.Members[0]
                )
            );
            return Task.CompletedTask;
        };
        Outcome outcome = Run("Invoke-EtcdDefrag -Connection $c -Verbose");
        Assert.Single(outcome.Output);
        Assert.Equal(["careful"], outcome.Warnings);
        Assert.Contains("starting", outcome.Verbose);
        ErrorRecord error = Assert.Single(outcome.Errors);
        Assert.Equal("DiskFull,EtcdMaint.Cmdlets.InvokeEtcdDefragCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
        Assert.Equal("make room", error.ErrorDetails.RecommendedAction);
        Assert.Same(_cluster.Members[0], error.TargetObject);
    }

    [Fact]
    public void A_snapshot_in_a_script_block_after_a_run_does_not_wait_for_that_run()
    {
        Run("Invoke-EtcdDefrag -Connection $c | ForEach-Object { Save-EtcdSnapshot ./x.db -Connection $c }");
        Assert.Equal([false, false, false], _cluster.Snapshots.Select(s => s.MayWait));
        _cluster.Snapshots.Clear();
        Run("Save-EtcdSnapshot ./x.db -Connection $c");
        Assert.True(Assert.Single(_cluster.Snapshots).MayWait);
    }

    [Fact]
    public void An_error_of_the_whole_operation_does_not_end_the_pipeline_unless_requested()
    {
        _cluster.OnDefrag = (_, _, _) =>
            throw new EtcdException("NoLeader", EtcdErrorCategory.InvalidOperation, "no leader");
        Outcome outcome = _shell.Run(
            "try { Invoke-EtcdDefrag -Connection $c; 'after' } catch { 'caught' }",
            ("c", _cluster.Connection)
        );
        Assert.Equal(["NoLeader"], outcome.ErrorIds);
        Assert.Equal(["after"], outcome.Output);
        Assert.Equal(
            "NoLeader",
            _shell.RunToError("Invoke-EtcdDefrag -Connection $c -ErrorAction Stop", ("c", _cluster.Connection))
        );
    }

    [Fact]
    public void The_failure_of_one_of_several_clusters_does_not_end_the_others()
    {
        var other = new FakeCluster("staging", "c2");
        _cluster.OnDefrag = (_, _, _) =>
            throw new EtcdException("NoLeader", EtcdErrorCategory.InvalidOperation, "no leader");
        Outcome outcome = _shell.Run(
            "Invoke-EtcdDefrag -Connection $a, $b",
            ("a", _cluster.Connection),
            ("b", other.Connection)
        );
        Assert.Equal(["NoLeader"], outcome.ErrorIds);
        Assert.Equal(3, outcome.Output.Count);
    }

    [Fact]
    public void Several_clusters_are_read_concurrently_and_shown_one_after_another()
    {
        FakeCluster[] clusters =
        [
            .. Enumerable.Range(1, 8).Select(number => new FakeCluster($"cluster{number}", $"{number}")),
        ];
        int waiting = 0;
        var all = new TaskCompletionSource();
        foreach (FakeCluster cluster in clusters)
        {
            cluster.OnGetStatus = (_, stop) =>
            {
                if (Interlocked.Increment(ref waiting) == clusters.Length)
                    all.SetResult();
                return all.Task.WaitAsync(Soon, stop);
            };
        }

        Outcome outcome = _shell.Run(
            "Get-EtcdMemberStatus -Connection $c",
            ("c", clusters.Select(cluster => cluster.Connection).ToArray())
        );
        Assert.Empty(outcome.ErrorText);
        string[] names = [.. outcome.Output.Cast<EtcdMemberStatus>().Select(status => status.ClusterName)];
        Assert.Equal(24, names.Length);
        Assert.All(names.Chunk(3), chunk => Assert.Single(chunk.Distinct()));
    }

    [Fact]
    public void The_throttle_limits_the_number_of_clusters_that_are_defragmented_at_once()
    {
        FakeCluster[] clusters =
        [
            .. Enumerable.Range(1, 6).Select(number => new FakeCluster($"cluster{number}", $"{number}")),
        ];
        int running = 0;
        int most = 0;
        foreach (FakeCluster cluster in clusters)
        {
            cluster.OnDefrag = async (_, _, stop) =>
            {
                int now = Interlocked.Increment(ref running);
                lock (clusters)
                    most = Math.Max(most, now);
                await Task.Delay(50, stop);
                Interlocked.Decrement(ref running);
            };
        }

        _shell.Run(
            "Invoke-EtcdDefrag -Connection $c -ThrottleLimit 2",
            ("c", clusters.Select(cluster => cluster.Connection).ToArray())
        );
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task A_stop_waits_for_the_current_member_and_the_host_shows_how_the_run_ended()
    {
        var finished = new TaskCompletionSource();
        _cluster.OnDefrag = FinishSafelyAsync(finished);
        Outcome outcome = await _shell.RunAndStopAsync(
            "Invoke-EtcdDefrag -Connection $c",
            _atWork.Task,
            ("c", _cluster.Connection)
        );
        Assert.True(finished.Task.IsCompleted);
        Assert.Contains(
            "WARNING: prod: stopped after etcd-1. Finished and verified: etcd-1; not started: etcd-2. The rows are in "
                + "(Get-EtcdConnection).LastRun.Result.",
            outcome.Screen
        );
        Assert.Equal("stopped after etcd-1", _cluster.Connection.LastRun!.Outcome);
    }

    [Fact]
    public async Task A_warning_after_a_stop_is_shown_while_the_operation_continues()
    {
        bool isShown = false;
        _cluster.OnDefrag = async (_, observer, stop) =>
        {
            _atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            observer.Warn("StopRequested: the run ends after etcd-1");
            for (
                var watch = Stopwatch.StartNew();
                !isShown && watch.Elapsed < Soon;
                await Task.Delay(20, CancellationToken.None)
            )
                isShown = _shell.Host.Screen.Contains(
                    "WARNING: StopRequested: the run ends after etcd-1",
                    StringComparison.Ordinal
                );
        };
        await _shell.RunAndStopAsync("Invoke-EtcdDefrag -Connection $c", _atWork.Task, ("c", _cluster.Connection));
        Assert.True(isShown);
    }

    [Fact]
    public async Task Work_that_says_nothing_after_a_stop_is_announced_by_the_cmdlet()
    {
        const string notice = "WARNING: StopRequested: Invoke-EtcdDefrag ends after its current step.";
        bool isShown = false;
        _cluster.OnDefrag = async (_, _, stop) =>
        {
            _atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            for (
                var watch = Stopwatch.StartNew();
                !isShown && watch.Elapsed < Soon;
                await Task.Delay(20, CancellationToken.None)
            )
                isShown = _shell.Host.Screen.Contains(notice, StringComparison.Ordinal);
        };
        await _shell.RunAndStopAsync("Invoke-EtcdDefrag -Connection $c", _atWork.Task, ("c", _cluster.Connection));
        Assert.True(isShown);
    }

    [Fact]
    public async Task A_stop_with_many_clusters_reports_how_the_current_one_ended_and_starts_no_other()
    {
        var next = new FakeCluster("edge", "c2");
        _cluster.OnMaintain = async (observer, stop) =>
        {
            _atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            observer.Emit(
                Samples.Report(
                    "prod",
                    EtcdMaintenanceStatus.Failed,
                    "ended on request",
                    _cluster.Result(0, EtcdDefragStatus.Defragmented)
                )
            );
        };
        Outcome outcome = await _shell.RunAndStopAsync(
            "Invoke-EtcdMaintenance -Connection $c -ThrottleLimit 1",
            _atWork.Task,
            ("c", new[] { _cluster.Connection, next.Connection })
        );
        Assert.Contains("WARNING: prod: ended on request. Finished and verified: etcd-1.", outcome.Screen);
        Assert.Empty(next.Calls);
    }

    [Theory]
    [InlineData("foreach ($x in 1) { Invoke-EtcdDefrag -Connection $c | ForEach-Object { break } }")]
    [InlineData("Invoke-EtcdDefrag -Connection $c | ForEach-Object { throw 'downstream' }")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -ErrorAction Stop | Where-Object Status -eq none")]
    public void A_pipeline_that_ends_early_counts_as_a_stop(string call)
    {
        var finished = new TaskCompletionSource();
        Func<DefragRequest, IRunObserver, CancellationToken, Task> work = FinishSafelyAsync(finished);
        _cluster.OnDefrag = async (request, observer, stop) =>
        {
            observer.Emit(_cluster.Result(0, EtcdDefragStatus.Defragmented));
            observer.ReportError(new EtcdException("DiskFull", EtcdErrorCategory.ResourceUnavailable, "no room"));
            await work(request, observer, stop);
        };
        Outcome outcome = Run(call);
        Assert.True(finished.Task.IsCompleted);
        Assert.Contains("WARNING: prod: stopped after etcd-1", outcome.Screen);
    }

    [Fact]
    public async Task A_stop_cancels_a_prompt_that_can_no_longer_be_shown()
    {
        Exception? heard = null;
        _cluster.OnDefrag = async (_, observer, stop) =>
        {
            _atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            heard = await Record.ExceptionAsync(() => observer.ConfirmAsync("defragment", "etcd-1"));
        };
        await _shell.RunAndStopAsync("Invoke-EtcdDefrag -Connection $c", _atWork.Task, ("c", _cluster.Connection));
        Assert.IsType<OperationCanceledException>(heard, exactMatch: false);
    }

    [Theory]
    [InlineData("foreach ($x in 1) { Invoke-EtcdDefrag -Connection $c -When { break } }")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -Confirm")]
    public void A_prompt_that_fails_counts_as_a_stop(string call)
    {
        bool? stopped = null;
        _cluster.OnDefrag = async (request, observer, stop) =>
        {
            Exception? lost = await Record.ExceptionAsync(() =>
                request.When is null
                    ? observer.ConfirmAsync("defragment", "etcd-1")
                    : request.When(Samples.Status(_cluster.Members[0]))
            );
            Assert.IsType<OperationCanceledException>(lost, exactMatch: false);
            stopped = stop.IsCancellationRequested;
        };
        _shell.Host.IsNonInteractive = true;
        Run(call);
        Assert.True(stopped);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    public void A_prompt_runs_on_the_pipeline_thread(int answer, bool expected)
    {
        bool? confirmed = null;
        _cluster.OnDefrag = async (_, observer, _) => confirmed = await observer.ConfirmAsync("defragment", "etcd-1");
        _shell.Host.Answer = answer;
        Assert.Empty(Run("Invoke-EtcdDefrag -Connection $c -Confirm").ErrorText);
        Assert.Equal(expected, confirmed);
        Assert.Equal(1, _shell.Host.Prompts);
    }

    [Fact]
    public void Without_Confirm_there_is_no_prompt()
    {
        bool? confirmed = null;
        _cluster.OnDefrag = async (_, observer, _) => confirmed = await observer.ConfirmAsync("defragment", "etcd-1");
        Assert.Empty(Run("Invoke-EtcdDefrag -Connection $c").ErrorText);
        Assert.True(confirmed);
        Assert.Equal(0, _shell.Host.Prompts);
    }

    [Fact]
    public void WhatIf_shows_the_prompt_and_answers_no()
    {
        bool? confirmed = null;
        _cluster.OnDefrag = async (_, observer, _) => confirmed = await observer.ConfirmAsync("defragment", "etcd-1");
        Outcome outcome = Run("Invoke-EtcdDefrag -Connection $c -WhatIf");
        Assert.False(confirmed);
        Assert.Contains("What if: Performing the operation \"defragment\" on target \"etcd-1\".", outcome.Screen);
    }

    [Fact]
    public void Progress_is_throttled_but_the_first_and_last_records_are_written()
    {
        _cluster.OnDefrag = (_, observer, _) =>
        {
            for (int step = 0; step < 1000; step++)
                observer.Report(new RunProgress("Defragmenting", $"step {step}", step / 1000.0));
            observer.Report(new RunProgress("Defragmenting", "done", 1, IsOver: true));
            return Task.CompletedTask;
        };
        IReadOnlyList<ProgressRecord> written = Run("Invoke-EtcdDefrag -Connection $c").Progress;
        Assert.InRange(written.Count, 2, 10);
        Assert.Equal("step 0", written[0].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, written[^1].RecordType);
    }

    public void Dispose() => _shell.Dispose();

    // As the engine does: after a stop the current member is finished, and the run is recorded.
    private Func<DefragRequest, IRunObserver, CancellationToken, Task> FinishSafelyAsync(
        TaskCompletionSource finished
    ) =>
        async (_, observer, stop) =>
        {
            _atWork.TrySetResult();
            await Task.Delay(Soon, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.True(stop.IsCancellationRequested);
            await Task.Delay(200, CancellationToken.None);
            observer.Emit(_cluster.Result(0, EtcdDefragStatus.Defragmented));
            _cluster.Connection.Keep(
                new EtcdDefragRun
                {
                    ClusterName = "prod",
                    Outcome = "stopped after etcd-1",
                    Result =
                    [
                        _cluster.Result(0, EtcdDefragStatus.Defragmented),
                        _cluster.Result(1, EtcdDefragStatus.NotAttempted),
                    ],
                }
            );
            finished.SetResult();
        };

    private Outcome Run(string script) => _shell.Run(script, ("c", _cluster.Connection));
}

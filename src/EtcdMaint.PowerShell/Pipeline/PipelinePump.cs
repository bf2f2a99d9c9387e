using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Runs asynchronous work in the background and passes its output, errors, prompts and progress to the pipeline thread,
/// the only thread on which a cmdlet may write. When the pipeline stops, the pump asks the work to stop and still waits
/// for it, because a member that is defragmenting must remain under observation.
/// </summary>
internal sealed class PipelinePump(PSCmdlet cmdlet, CancellationTokenSource stop) : IRunObserver
{
    /// <summary>
    /// The cmdlets that run on this thread. Each of them emitted a row, on which the following ones work now.
    /// </summary>
    [ThreadStatic]
    private static List<PSCmdlet>? t_running;

    private static readonly TimeSpan StopNoticeDelay = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<Entry> _entries = [];

    private readonly ProgressWriter _progress = new(cmdlet);

    private ExceptionDispatchInfo? _broken;

    private long? _stoppedAt;

    private bool _isStopShown;

    private bool _isProgressOver;

    /// <summary>Receives each row as it is emitted, in order; or null.</summary>
    public Action<object>? OnRow { get; init; }

    /// <summary>Whether the pipeline stopped before the work ended.</summary>
    public bool WasCut => _broken is not null || cmdlet.Stopping;

    /// <summary>
    /// Whether a cmdlet of this type waits on this thread. Work that waits here for the end of that cmdlet would wait
    /// forever.
    /// </summary>
    public static bool IsWithin<T>() => t_running?.OfType<T>().Any() is true;

    /// <summary>Blocks until the work ends. The returned task is completed, successfully or not.</summary>
    public Task Run(Func<PipelinePump, CancellationToken, Task> work)
    {
        Task running = Task.Run(() => InInvariantCulture(() => work(this, stop.Token)));
        _ = running.ContinueWith(_ => _entries.CompleteAdding(), TaskScheduler.Default);
        t_running ??= [];
        t_running.Add(cmdlet);
        try
        {
            while (!_entries.IsCompleted)
            {
                if (_entries.TryTake(out Entry? entry, ProgressWriter.PollInterval))
                    Say(entry);
                if (_broken is null && !_isProgressOver)
                    Say(new Entry(_progress.Tick));
                ShowStop();
            }
            if (_broken is null)
                Say(new Entry(_progress.Finish));
        }
        finally
        {
            t_running.Remove(cmdlet);
        }
        return running;
    }

    /// <summary>Throws the exception of the pipeline, for example after <c>Select-Object -First</c>.</summary>
    public void ThrowIfBroken() => _broken?.Throw();

    public void Emit(object row)
    {
        OnRow?.Invoke(row);
        Add(new(() => cmdlet.WriteObject(row)));
    }

    public void ReportError(EtcdException error) => Add(new(() => cmdlet.WriteError(error.ToErrorRecord())));

    /// <summary>
    /// If the pipeline no longer accepts a warning, the host shows it. Otherwise the user would see nothing for minutes
    /// after Ctrl+C.
    /// </summary>
    public void Warn(string message) =>
        Add(new(() => cmdlet.WriteWarning(PlainText.Of(message)), Unheard: () => WarnOnHost(message)));

    /// <summary>The tag makes the host show the message, as it does for Write-Host.</summary>
    public void Inform(string message) =>
        Add(
            new(() =>
                cmdlet.WriteInformation(new HostInformationMessage { Message = PlainText.Of(message) }, ["PSHOST"])
            )
        );

    public void LogVerbose(string message) =>
        Add(
            new(() =>
            {
                _progress.Doing = message;
                cmdlet.WriteVerbose(PlainText.Of(message));
            })
        );

    public void Report(RunProgress progress) => Add(new(() => _progress.Write(progress)));

    public Task<bool> ConfirmAsync(string action, string target) =>
        AskAsync(() => cmdlet.ShouldProcess(PlainText.Of(target), PlainText.Of(action)));

    /// <summary>Shows no progress from now on, because the output of the cmdlet shows that it works.</summary>
    public Task EndProgressAsync() =>
        AskAsync(() =>
        {
            _progress.Finish();
            return _isProgressOver = true;
        });

    /// <summary>Waits until the pipeline has received everything that was emitted so far.</summary>
    public Task WaitUntilWrittenAsync() => AskAsync(() => true);

    /// <summary>
    /// Evaluates a question on the pipeline thread. The task is canceled if the pipeline has stopped.
    /// </summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new(() => Answer(question, answer), () => answer.TrySetCanceled()));
        return answer.Task;
    }

    /// <summary>
    /// Runs the work in the invariant culture, so that texts and reports are the same on every machine. Everything that
    /// the work starts inherits this culture. A rule of the user runs on the pipeline thread, in the culture of the
    /// user.
    /// </summary>
    private static Task InInvariantCulture(Func<Task> work)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return work();
    }

    private static void Answer<T>(Func<T> question, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(question());
        }
        catch (EtcdException error)
        {
            answer.SetException(error);
        }
    }

    /// <summary>
    /// Shows after a stop that the work still ends, unless the work itself has said so within a second.
    /// </summary>
    private void ShowStop()
    {
        if (_isStopShown || !stop.IsCancellationRequested)
            return;
        _stoppedAt ??= TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(_stoppedAt.Value) >= StopNoticeDelay)
            WarnOnHost($"StopRequested: {cmdlet.MyInvocation.MyCommand?.Name} ends after its current step.");
    }

    private void WarnOnHost(string message)
    {
        _isStopShown = true;
        cmdlet.Host?.UI?.WriteWarningLine(PlainText.Of(message));
    }

    private void Say(Entry entry)
    {
        if (_broken is not null)
        {
            entry.Unheard?.Invoke();
            entry.Drop?.Invoke();
            return;
        }

        try
        {
            entry.Say();
        }
        catch (Exception error)
        {
            _broken = ExceptionDispatchInfo.Capture(error);
            _ = stop.CancelAsync(); // before the answer is canceled, so that the work recognizes a stop
            if (error is PipelineStoppedException)
                entry.Unheard?.Invoke();
            entry.Drop?.Invoke();
        }
    }

    private void Add(Entry entry)
    {
        try
        {
            _entries.Add(entry);
        }
        catch (InvalidOperationException)
        {
            // The work has ended, so this late message is dropped.
            entry.Drop?.Invoke();
        }
    }

    /// <param name="Say">Passes the entry to the pipeline.</param>
    /// <param name="Drop">Discards the entry.</param>
    /// <param name="Unheard">Shows the entry elsewhere after the pipeline has stopped.</param>
    private sealed record Entry(Action Say, Action? Drop = null, Action? Unheard = null);
}

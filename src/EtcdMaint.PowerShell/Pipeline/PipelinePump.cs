using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Runs asynchronous work and says what it tells on the pipeline thread, the only one on which a cmdlet may speak.
/// Once the pipeline no longer listens the work is told to stop, and is still waited for: a member that is being
/// defragmented must not be left behind unseen.
/// </summary>
internal sealed class PipelinePump(PSCmdlet cmdlet, CancellationTokenSource stop) : IRunObserver
{
    /// <summary>
    /// The cmdlets that run on this thread: each one gave out a row, and the ones after it work on that row now.
    /// </summary>
    [ThreadStatic]
    private static List<PSCmdlet>? t_running;

    private readonly BlockingCollection<Entry> _entries = [];

    private readonly ProgressWriter _progress = new(cmdlet);

    private ExceptionDispatchInfo? _broken;

    /// <summary>Whether the pipeline stopped listening before the work was over.</summary>
    public bool WasCut => _broken is not null || cmdlet.Stopping;

    /// <summary>
    /// Whether a cmdlet of this kind waits on this thread, so that what waits for its end here waits for ever.
    /// </summary>
    public static bool IsWithin<T>() => t_running?.OfType<T>().Any() is true;

    /// <summary>Blocks until the work is over. The task returned has ended, well or not.</summary>
    public Task Run(Func<PipelinePump, CancellationToken, Task> work)
    {
        Task running = Task.Run(() => InInvariantCulture(() => work(this, stop.Token)));
        _ = running.ContinueWith(_ => _entries.CompleteAdding(), TaskScheduler.Default);
        t_running ??= [];
        t_running.Add(cmdlet);
        try
        {
            foreach (Entry entry in _entries.GetConsumingEnumerable())
                Say(entry);
        }
        finally
        {
            t_running.Remove(cmdlet);
        }
        return running;
    }

    /// <summary>Throws what the pipeline threw, for example at <c>Select-Object -First</c>.</summary>
    public void ThrowIfBroken() => _broken?.Throw();

    public void Emit(object row) => Add(new(() => cmdlet.WriteObject(row)));

    public void ReportError(EtcdException error) => Add(new(() => cmdlet.WriteError(error.ToErrorRecord())));

    /// <summary>
    /// What the pipeline no longer takes is shown by the host: after Ctrl+C the user would learn nothing else for
    /// minutes.
    /// </summary>
    public void Warn(string message) =>
        Add(
            new(
                () => cmdlet.WriteWarning(PlainText.Of(message)),
                Unheard: () => cmdlet.Host?.UI?.WriteWarningLine(PlainText.Of(message))
            )
        );

    public void LogVerbose(string message) => Add(new(() => cmdlet.WriteVerbose(PlainText.Of(message))));

    public void Report(RunProgress progress) => Add(new(() => _progress.Write(progress)));

    public Task<bool> ConfirmAsync(string action, string target) =>
        AskAsync(() => cmdlet.ShouldProcess(PlainText.Of(target), PlainText.Of(action)));

    /// <summary>
    /// Asks something on the pipeline thread. The task is cancelled when the pipeline can no longer be asked.
    /// </summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new(() => Answer(question, answer), () => answer.TrySetCanceled()));
        return answer.Task;
    }

    /// <summary>
    /// Texts and reports look the same on every machine. The culture flows on to all that the work starts; a user's
    /// rule runs on the pipeline thread, in the user's own.
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
            _ = stop.CancelAsync(); // before the answer is cancelled, so that its loss is seen to be a stop
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
            // The work is over; what a straggler still says has no reader.
            entry.Drop?.Invoke();
        }
    }

    /// <param name="Say">Says it to the pipeline.</param>
    /// <param name="Drop">Gives it up.</param>
    /// <param name="Unheard">Says it elsewhere, when the pipeline has stopped listening.</param>
    private sealed record Entry(Action Say, Action? Drop = null, Action? Unheard = null);
}

using System.Collections.Concurrent;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>Takes the place of the pipeline: keeps everything that a run reports, in order.</summary>
internal sealed class RunRecorder : IRunObserver
{
    /// <summary>A run that takes longer in a test is waiting for something that never happens.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> _story = new();
    private readonly ConcurrentQueue<object> _rows = new();
    private readonly ConcurrentQueue<EtcdException> _errors = new();
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>The user's answer to a confirmation prompt; yes unless set.</summary>
    public Func<string, string, bool> Answer { get; init; } = (_, _) => true;

    /// <summary>Called after a confirmation, just before the action.</summary>
    public Action OnConfirmed { get; init; } = () => { };

    /// <summary>Called before the answer; the run waits for it.</summary>
    public Func<string, Task> OnAsked { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called with each row as it is written.</summary>
    public Action<object> OnRow { get; init; } = _ => { };

    /// <summary>Called with each warning.</summary>
    public Action<string> OnWarned { get; init; } = _ => { };

    /// <summary>Called with each line of the story as it is reported.</summary>
    public Action<string> OnTold { get; init; } = _ => { };

    /// <summary>Called with each progress.</summary>
    public Action<RunProgress> OnProgress { get; init; } = _ => { };

    public IReadOnlyList<EtcdException> Errors => [.. _errors];

    public IReadOnlyList<string> Warnings => [.. _warnings];

    /// <summary>Everything in order, for the message of a failing test.</summary>
    public string Story => string.Join(Environment.NewLine, _story);

    /// <summary>Waits for the run; a run that does not end fails the test with its output so far.</summary>
    public async Task EndOf(Task run)
    {
        try
        {
            await run.WaitAsync(LongestRun, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The run did not end within {LongestRun.TotalMinutes:0} minutes:{Environment.NewLine}{Story}");
        }
    }

    public IReadOnlyList<T> Rows<T>() => [.. _rows.OfType<T>()];

    public void Emit(object row)
    {
        _rows.Enqueue(row);
        _story.Enqueue($"row: {row}{(row is IUpstreamResult { Reason: { } reason } ? $" ({reason})" : "")}");
        OnRow(row);
    }

    public void ReportError(EtcdException error)
    {
        _errors.Enqueue(error);
        _story.Enqueue($"error {error.ErrorId}: {error.Message}");
    }

    public void Warn(string message)
    {
        _warnings.Enqueue(message);
        _story.Enqueue($"warning: {message}");
        OnWarned(message);
    }

    public void LogVerbose(string message)
    {
        _story.Enqueue(message);
        OnTold(message);
    }

    public void Report(RunProgress progress)
    {
        _story.Enqueue($"progress: {progress.Status}");
        OnProgress(progress);
    }

    public async Task<bool> ConfirmAsync(string action, string target)
    {
        _story.Enqueue($"asked: {action} — {target}");
        await OnAsked(target);
        bool isYes = Answer(action, target);
        if (isYes)
            OnConfirmed();
        return isYes;
    }
}

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>Takes the place of the pipeline, and keeps the output of a run in one order.</summary>
internal sealed class Pipeline(SimulatedTime time) : IRunObserver
{
    private readonly List<object> _out = [];
    private readonly List<string> _story = [];
    private readonly Lock _gate = new();

    /// <summary>The user's answer, and how long it takes.</summary>
    public Func<string, Task<bool>> Answer { get; init; } = _ => Task.FromResult(true);

    /// <summary>Rows, errors (<see cref="EtcdException"/>) and warnings (text), in order.</summary>
    public IReadOnlyList<object> Out => _out;

    public IReadOnlyList<EtcdDefragResult> Rows => [.. _out.OfType<EtcdDefragResult>()];

    public IReadOnlyList<EtcdException> Errors => [.. _out.OfType<EtcdException>()];

    public IReadOnlyList<string> Warnings => [.. _out.OfType<string>()];

    /// <summary>The leases of the last run; null if it has read none.</summary>
    public ObservedLeases? Leases { get; private set; }

    public string Story => string.Join(Environment.NewLine, _story);

    public void Emit(object row) =>
        Keep(row, $"row: {row}{(row is IUpstreamResult { Reason: { } reason } ? $" ({reason})" : "")}");

    public void ReportError(EtcdException error) => Keep(error, $"error {error.ErrorId}: {error.Message}");

    public void Warn(string message) => Keep(message, $"warning: {message}");

    public void LogVerbose(string message) => Note(message);

    public void Report(RunProgress progress) { }

    public void RecordLeases(ObservedLeases leases) => Leases = leases;

    public Task<bool> ConfirmAsync(string action, string target)
    {
        Note($"asked: {action} — {target}");
        return Answer(target);
    }

    public void Note(string line)
    {
        lock (_gate)
            _story.Add($"{time.Now.TotalSeconds, 9:0.000} {line}");
    }

    private void Keep(object what, string line)
    {
        lock (_gate)
            _out.Add(what);
        Note(line);
    }
}

namespace EtcdMaint.Engine.Maintenance.WholeRun;

/// <summary>Keeps the rows and errors of a step for the report; the story goes on to the user at once.</summary>
internal sealed class StepRecorder(IRunObserver observer) : IRunObserver
{
    private readonly List<object> _rows = [];
    private readonly List<EtcdException> _errors = [];

    public IReadOnlyList<EtcdException> Errors
    {
        get
        {
            lock (_rows)
                return [.. _errors];
        }
    }

    public T[] Rows<T>()
    {
        lock (_rows)
            return [.. _rows.OfType<T>()];
    }

    public void Emit(object row)
    {
        lock (_rows)
            _rows.Add(row);
    }

    public void Fail(EtcdException error)
    {
        lock (_rows)
            _errors.Add(error);
    }

    public void Warn(string message) => observer.Warn(message);

    public void Tell(string message) => observer.Tell(message);

    public void Report(RunProgress progress) => observer.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => observer.ConfirmAsync(action, target);
}

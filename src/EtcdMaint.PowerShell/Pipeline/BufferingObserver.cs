namespace EtcdMaint.Cmdlets;

/// <summary>
/// Buffers the rows and errors of one cluster until they are complete, so that clusters that are read in parallel do
/// not mix in the output.
/// </summary>
internal sealed class BufferingObserver(IRunObserver next, object turn) : IRunObserver
{
    private readonly List<Action> _held = [];

    public void Emit(object row) => Hold(() => next.Emit(row));

    public void ReportError(EtcdException error) => Hold(() => next.ReportError(error));

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => Hold(() => next.Inform(message));

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);

    public void Release()
    {
        lock (turn)
        {
            foreach (Action say in _held)
                say();
            _held.Clear();
        }
    }

    private void Hold(Action say)
    {
        lock (_held)
            _held.Add(say);
    }
}

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Buffers the rows and errors of one cluster until they are complete, so that clusters that are read in parallel do
/// not mix in the output.
/// </summary>
internal sealed class BufferingObserver(IRunObserver next, object turn) : ForwardingObserver(next)
{
    private readonly List<Action> _held = [];

    public override void Emit(object row) => Hold(() => Next.Emit(row));

    public override void ReportError(EtcdException error) => Hold(() => Next.ReportError(error));

    public override void Inform(string message) => Hold(() => Next.Inform(message));

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

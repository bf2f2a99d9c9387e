namespace EtcdMaint.Cmdlets;

/// <summary>Keeps the rows of one cluster and passes them on.</summary>
internal sealed class SpaceUsageObserver(IRunObserver next) : IRunObserver
{
    private readonly List<EtcdSpaceUsage> _rows = [];

    /// <summary>The rows until now.</summary>
    public IReadOnlyList<EtcdSpaceUsage> Rows
    {
        get
        {
            lock (_rows)
                return [.. _rows];
        }
    }

    public void Emit(object row)
    {
        if (row is EtcdSpaceUsage usage)
        {
            lock (_rows)
                _rows.Add(usage);
        }
        next.Emit(row);
    }

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => next.Inform(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);
}

namespace EtcdMaint.Fleet;

/// <summary>Forwards everything to another observer, and keeps the report of its cluster.</summary>
internal sealed class ReportCapturingObserver(IRunObserver next) : IRunObserver
{
    /// <summary>The report; null until the run has ended.</summary>
    public EtcdMaintenanceReport? Report { get; private set; }

    /// <summary>Whether the run was allowed to make a change. A run asks directly before each change.</summary>
    public bool WasConfirmed { get; private set; }

    public void Emit(object row)
    {
        Report = row as EtcdMaintenanceReport ?? Report;
        next.Emit(row);
    }

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => next.Inform(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public async Task<bool> ConfirmAsync(string action, string target)
    {
        bool isYes = await next.ConfirmAsync(action, target).ConfigureAwait(false);
        WasConfirmed |= isYes;
        return isYes;
    }

    void IRunObserver.Report(RunProgress progress) => next.Report(progress);
}

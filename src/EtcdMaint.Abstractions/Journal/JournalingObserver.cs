namespace EtcdMaint.Journal;

/// <summary>Records each report before it forwards the report. Everything else is only forwarded.</summary>
internal sealed class JournalingObserver(IRunObserver next, MaintenanceJournal journal) : IRunObserver
{
    private int _isReported;

    public void Emit(object row)
    {
        EtcdException? failed = null;
        try
        {
            if (row is EtcdMaintenanceReport report)
                journal.Append(report);
        }
        catch (EtcdException error)
        {
            failed = error;
        }
        next.Emit(row);
        if (failed is not null && Interlocked.Exchange(ref _isReported, 1) == 0)
            next.ReportError(failed);
    }

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => next.Inform(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);
}

namespace EtcdMaint.Journal;

/// <summary>Records each report before it forwards the report. Everything else is only forwarded.</summary>
internal sealed class JournalingObserver(IRunObserver next, MaintenanceJournal journal) : ForwardingObserver(next)
{
    private int _isReported;

    public override void Emit(object row)
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
        Next.Emit(row);
        if (failed is not null && Interlocked.Exchange(ref _isReported, 1) == 0)
            Next.ReportError(failed);
    }
}

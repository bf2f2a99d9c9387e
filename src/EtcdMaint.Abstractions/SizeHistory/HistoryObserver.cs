namespace EtcdMaint.SizeHistory;

/// <summary>
/// Forwards everything to another observer, and appends the rows to a history: a report as soon as it was emitted, and
/// the status rows of a cluster together when <see cref="AppendStatus"/> is called. A failure is a warning.
/// </summary>
internal sealed class HistoryObserver(HistoryStore history, IRunObserver next, TimeProvider time)
    : ForwardingObserver(next)
{
    private readonly List<EtcdMemberStatus> _rows = [];

    public override void Emit(object row)
    {
        Next.Emit(row);
        if (row is EtcdMaintenanceReport report && HistoryMapper.FromReport(report) is { } record)
            Append(record);
        if (row is EtcdMemberStatus status)
            lock (_rows)
                _rows.Add(status);
    }

    /// <summary>Appends the status rows that were emitted.</summary>
    public void AppendStatus()
    {
        if (HistoryMapper.FromStatus(_rows, time.GetUtcNow()) is { } record)
            Append(record);
    }

    private void Append(HistoryRecord record)
    {
        try
        {
            history.Append(record);
        }
        catch (EtcdException error)
        {
            Next.Warn(
                $"HistoryNotWritten: The sizes of cluster '{record.ClusterName}' were not recorded. {error.Message}"
            );
        }
    }
}

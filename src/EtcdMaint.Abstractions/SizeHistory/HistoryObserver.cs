namespace EtcdMaint.SizeHistory;

/// <summary>
/// Forwards everything to another observer, and appends the rows to a history: a report as soon as it was emitted, and
/// the status rows of a cluster together when <see cref="AppendStatus"/> is called. A failure is a warning.
/// </summary>
internal sealed class HistoryObserver(HistoryStore history, IRunObserver next, TimeProvider time) : IRunObserver
{
    private readonly List<EtcdMemberStatus> _rows = [];

    public void Emit(object row)
    {
        next.Emit(row);
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

    public void ReportError(EtcdException error) => next.ReportError(error);

    public void Warn(string message) => next.Warn(message);

    public void Inform(string message) => next.Inform(message);

    public void LogVerbose(string message) => next.LogVerbose(message);

    public void Report(RunProgress progress) => next.Report(progress);

    public Task<bool> ConfirmAsync(string action, string target) => next.ConfirmAsync(action, target);

    private void Append(HistoryRecord record)
    {
        try
        {
            history.Append(record);
        }
        catch (EtcdException error)
        {
            next.Warn(
                $"HistoryNotWritten: The sizes of cluster '{record.ClusterName}' were not recorded. {error.Message}"
            );
        }
    }
}

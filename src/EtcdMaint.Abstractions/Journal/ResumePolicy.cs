namespace EtcdMaint.Journal;

/// <summary>Decides which clusters of a journal are done.</summary>
/// <param name="retriesFailed">Whether an operator has looked at the failures (<c>-RetryFailed</c>).</param>
internal sealed class ResumePolicy(bool retriesFailed)
{
    /// <summary>
    /// Whether another run leaves the cluster alone. A run that failed after it began to change its cluster is not
    /// repeated automatically, because an operator must first look at the cluster. A run that changed nothing is.
    /// </summary>
    public bool IsDone(EtcdMaintenanceReport report) =>
        report.Status switch
        {
            EtcdMaintenanceStatus.Succeeded or EtcdMaintenanceStatus.NothingToDo or EtcdMaintenanceStatus.Skipped =>
                true,
            EtcdMaintenanceStatus.Failed => report.ChangeBegan && !retriesFailed,
            _ => false,
        };

    /// <summary>
    /// Whether a journal records the report: not if it is from the journal, and not if the cluster was never started.
    /// </summary>
    public static bool IsRecorded(EtcdMaintenanceReport report) =>
        report switch
        {
            { IsResumed: true } or { Status: EtcdMaintenanceStatus.Planned } => false,
            { Status: EtcdMaintenanceStatus.NotAttempted } => report.Step.Length > 0,
            _ => true,
        };
}

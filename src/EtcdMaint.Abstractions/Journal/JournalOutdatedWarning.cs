namespace EtcdMaint.Journal;

/// <summary>
/// The warning about a journal of an earlier maintenance. Its clusters count as done, so that a job that always uses
/// the same journal would never maintain them again.
/// </summary>
/// <param name="path">The journal.</param>
/// <param name="planId">The plan of this run; null for none.</param>
/// <param name="now">The start of this run.</param>
internal sealed class JournalOutdatedWarning(string path, string? planId, DateTimeOffset now)
{
    /// <summary>A run with retries takes hours. Teams that maintain their clusters weekly use a new journal.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(6);

    private bool _isWritten;

    /// <summary>Writes the warning for the first result that is not from this maintenance.</summary>
    public void Check(EtcdMaintenanceReport resumed, Action<string> warn)
    {
        if (_isWritten || Describe(resumed) is not { } origin)
            return;
        _isWritten = true;
        warn(
            $"JournalOutdated: The journal {path} contains a result of {resumed.ClusterName} {origin}, so this run "
                + "does not maintain the cluster. Specify a new journal for each maintenance."
        );
    }

    private string? Describe(EtcdMaintenanceReport resumed) =>
        now - resumed.StartedAt > LongestRun ? $"from {resumed.StartedAt:u}"
        : planId is not null && resumed.PlanId != planId ? "that does not belong to this plan"
        : null;
}

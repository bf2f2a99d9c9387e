using System.Globalization;
using EtcdMaint.Engine.Operations.Compaction;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>Checks whether a client still compacts the history of the cluster.</summary>
internal static class HistoryCheck
{
    public static IEnumerable<EtcdFinding> Find(ClusterHistory? history)
    {
        if (history is null)
            yield break;
        if (history.ApiServer is { Revision: null })
            yield return Findings.About(
                null,
                ErrorIds.ApiServerCompactionStale,
                Warning,
                "The value of compact_rev_key, in which the Kubernetes API server records its compactions, is not a "
                    + "revision. Another client wrote it.",
                "Find the client that wrote it. A running API server writes the key again within ten minutes."
            );
        if (history.ApiServer is { IsStale: true } api)
            yield return Findings.About(
                null,
                ErrorIds.ApiServerCompactionStale,
                Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The Kubernetes API server no longer compacts: its last record is about "
                        + $"{api.Age!.Value.TotalMinutes:N0} min and "
                        + $"{history.Newest - api.TickRevision:N0} revisions old."
                ),
                "Check --etcd-compaction-interval and the log of the API server. Invoke-EtcdMaintenance compacts "
                    + "until then."
            );
        if (
            HistoryPolicy.IsLong(
                history,
                MaintenanceRequest.DefaultKeepRevisions,
                MaintenanceRequest.DefaultKeepDuration
            )
        )
            yield return Findings.About(
                null,
                ErrorIds.HistoryNotCompacted,
                Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The history has {history.Length:N0} revisions: it has not been compacted since revision "
                        + $"{history.Compacted:N0}. The pages that it takes count as in use."
                ),
                "Run Invoke-EtcdMaintenance, or Invoke-EtcdCompaction -KeepDuration 00:05:00."
            );
    }
}

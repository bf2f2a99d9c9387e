using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>
/// Warns before a compaction that removes history which the Kubernetes API server keeps for its clients. While NOSPACE
/// is armed, the API server does not compact, and there is no warning.
/// </summary>
internal sealed class ApiServerHistoryWarning(CompactionRequest request, IRunObserver observer)
{
    public async Task WarnAsync(ClusterMembership membership, ClusterHistory history, long revision, CallBudget limit)
    {
        if (
            history.ApiServer is not { IsStale: false } api
            || revision <= api.Revision
            || request.KeepDuration > TimeSpan.Zero
            || await IsFullAsync(membership, limit).ConfigureAwait(false)
        )
            return;
        observer.Warn(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ApiServerHistory: The Kubernetes API server of {request.Targets[0].Member.ClusterName} keeps its "
                    + $"history from revision {api.Revision ?? 0:N0} on. A client that resumes a watch or a list "
                    + $"from a revision before {revision:N0} gets the error 410 Gone and lists everything again. To "
                    + $"keep the revisions of the last five minutes, use -KeepDuration 00:05:00."
            )
        );
    }

    private static async Task<bool> IsFullAsync(ClusterMembership membership, CallBudget limit) =>
        (await ClusterContext.AskAnyVoterAsync(membership, c => c.ListAlarmsAsync(limit)).ConfigureAwait(false)).Any(
            alarm => alarm.Type is EtcdAlarmType.NoSpace
        );
}

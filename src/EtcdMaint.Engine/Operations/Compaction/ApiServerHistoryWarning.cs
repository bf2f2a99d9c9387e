using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>
/// Warns before a compaction that removes history which the Kubernetes API server keeps for its clients. While NOSPACE
/// is armed, the API server does not compact, and there is no warning.
/// </summary>
internal sealed class ApiServerHistoryWarning(ClusterContext context, CompactionRequest request, IRunObserver observer)
{
    public async Task WarnAsync(ClusterMembership membership, ClusterHistory newest, long revision, CallBudget limit)
    {
        if (
            newest.ApiServer is null
            || revision <= newest.ApiServer.Revision
            || request.KeepDuration >= MaintenanceRequest.DefaultKeepDuration
            || await IsFullAsync(membership, limit).ConfigureAwait(false)
        )
            return;
        ClusterHistory history = await new HistoryReader(context)
            .CompleteAsync(membership, newest, limit)
            .ConfigureAwait(false);
        if (history.ApiServer is { IsStale: true })
            return;
        observer.Warn(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ApiServerHistory: The Kubernetes API server of {request.Targets[0].Member.ClusterName} keeps the "
                    + $"history of the last minutes for its clients. A client that resumes a watch or a list from a "
                    + $"revision before {revision:N0} gets the error 410 Gone and lists everything again. To keep the "
                    + $"revisions of the last five minutes, use -KeepDuration 00:05:00."
            )
        );
    }

    private static async Task<bool> IsFullAsync(ClusterMembership membership, CallBudget limit) =>
        (await ClusterContext.AskAnyVoterAsync(membership, c => c.ListAlarmsAsync(limit)).ConfigureAwait(false)).Any(
            alarm => alarm.Type is EtcdAlarmType.NoSpace
        );
}

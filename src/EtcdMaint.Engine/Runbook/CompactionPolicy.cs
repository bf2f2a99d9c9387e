using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Decides whether a run compacts, and how much history it keeps. Clients of Kubernetes resume a watch or a list from
/// an older revision; after a compaction they get the error 410 Gone and list everything again. A running API server
/// keeps the history of the last minutes for them, so the run does not compact there.
/// </summary>
internal sealed class CompactionPolicy(ClusterContext context, MaintenanceRequest request)
{
    public async Task<CompactionDecision> DecideAsync(EtcdHealthReport health, CancellationToken cancellationToken)
    {
        // While NOSPACE is armed, the API server cannot record its compaction, and therefore does not compact.
        if (BlockingFindings.IsFull(health))
            return new CompactionDecision(0, null);
        if (health.History is not { } history)
            return new CompactionDecision(request.KeepRevisions, null);
        if (history.ApiServer is { IsStale: false } api)
            return new CompactionDecision(history.Length ?? 0, api);
        if (history.Length <= request.KeepRevisions)
            return new CompactionDecision(request.KeepRevisions, null);
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
        var reader = new HistoryReader(context);
        history = await reader.WithRateAsync(membership, history, limit).ConfigureAwait(false);
        long keep = await reader
            .ChooseKeepAsync(membership, history, request.KeepRevisions, request.KeepDuration, limit)
            .ConfigureAwait(false);
        return new CompactionDecision(keep, null);
    }
}

/// <param name="Keep">The number of revisions that remain.</param>
/// <param name="LeftTo">The compactions of the API server, if the run leaves the history to it; otherwise null.</param>
internal sealed record CompactionDecision(long Keep, ApiServerCompaction? LeftTo);

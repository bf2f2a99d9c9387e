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
    /// <summary>
    /// Decides with the current history. The health check can be some time ago, because a snapshot may come between.
    /// </summary>
    public async Task<CompactionDecision> DecideAsync(EtcdHealthReport health, CancellationToken cancellationToken)
    {
        // While NOSPACE is armed, the API server cannot record its compaction, and therefore does not compact.
        if (BlockingFindings.IsFull(health))
            return new CompactionDecision(null, 0, null);
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
        ClusterHistory history = await new HistoryReader(context)
            .ReadAsync(membership, health.CompactedRevision, limit)
            .ConfigureAwait(false);
        if (history.ApiServer is { IsStale: false } api)
            return new CompactionDecision(null, history.Length, api);
        if (history.Length <= request.KeepRevisions)
            return new CompactionDecision(null, request.KeepRevisions, null);
        ClusterHistory earlier = health.History ?? history;
        double rate = await new WriteRateReader(context)
            .MeasureAsync(membership, earlier.Newest, earlier.ReadAt, limit)
            .ConfigureAwait(false);
        long keep = await new RetentionReader(context)
            .ChooseAsync(
                membership,
                history with
                {
                    WritesPerSecond = rate,
                },
                request.KeepRevisions,
                request.KeepDuration,
                limit
            )
            .ConfigureAwait(false);
        return new CompactionDecision(history.Newest - keep, keep, null);
    }
}

/// <param name="Revision">The revision to compact to; null if it follows from <paramref name="Keep"/>.</param>
/// <param name="Keep">The number of revisions that remain; null if it is unknown.</param>
/// <param name="LeftTo">The compactions of the API server, if the run leaves the history to it; otherwise null.</param>
internal sealed record CompactionDecision(long? Revision, long? Keep, ApiServerCompaction? LeftTo);

using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Waits until a running compaction has ended on every member, for all members at the same time. A member that is
/// defragmented earlier copies the old revisions and reclaims nothing.
/// </summary>
internal sealed class PendingCompaction(ClusterContext context, IRunObserver observer)
{
    /// <summary>
    /// Any compacted revision is a barrier. If there was a compaction, revision 1 is compacted, so nothing more is
    /// compacted.
    /// </summary>
    private const long GoneRevision = 1;

    public async Task WaitAsync(ClusterMembership membership, CallBudget limit)
    {
        ResolvedMember[] reachable = [.. membership.Voters.Where(v => v.Client is not null)];
        try
        {
            if (
                !await ClusterContext
                    .AskAnyVoterAsync(membership, c => c.HasCompactedAsync(limit))
                    .ConfigureAwait(false)
            )
                return;
            var barrier = new CompactionBarrier(context.Time, observer);
            BarrierResult[] results = await Task.WhenAll(
                    reachable.Select(m => barrier.PassAsync(m, GoneRevision, limit))
                )
                .ConfigureAwait(false);
            if (Array.Find(results, r => r.Failure is not null)?.Failure is { } failure)
                throw failure;
        }
        catch (EtcdException failed)
        {
            // This is not dangerous, but a defragmentation may reclaim nothing. The sizes are read again, and the row
            // shows what was reclaimed.
            observer.Warn($"The state of the last compaction is unknown: {failed.Message}");
        }
    }
}

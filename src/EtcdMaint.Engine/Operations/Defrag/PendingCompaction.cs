using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Waits until a compaction that is still at work has ended on every member, side by side: a member that is
/// defragmented earlier carries the dead data along and gains nothing.
/// </summary>
internal sealed class PendingCompaction(ClusterContext context, IRunObserver observer)
{
    /// <summary>
    /// Any compacted revision makes a barrier, and once there was a compaction this one is: nothing more is compacted.
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
            // Not dangerous, only perhaps in vain: the sizes are read again, and a row tells what was gained.
            observer.Warn($"The state of the last compaction is unknown: {failed.Message}");
        }
    }
}

using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Determines how many revisions a time covers.</summary>
internal sealed class RetentionReader(ClusterContext context)
{
    private readonly RevisionClock _clock = new(context);

    /// <summary>
    /// Returns the number of revisions to keep, by the measured rate of the writes. If the clients wrote more before
    /// than they do now, the leases of Kubernetes show that these are too few, and more are kept.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="history">The history with the rate of the writes.</param>
    /// <param name="revisions">The number of revisions to keep at least.</param>
    /// <param name="duration">The time whose revisions are kept.</param>
    /// <param name="limit">The time limit of each call.</param>
    public async Task<long> ChooseAsync(
        ClusterMembership membership,
        ClusterHistory history,
        long revisions,
        TimeSpan duration,
        CallBudget limit
    )
    {
        long few = HistoryPolicy.Keep(revisions, duration, history.WritesPerSecond);
        if (!await IsYoungAsync(few).ConfigureAwait(false))
            return few;

        // Nothing is known of a revision that is compacted. If all others are young, all of them are kept.
        long many = few;
        do
        {
            few = many;
            many = 2 * Math.Max(1, many);
        } while (await IsYoungAsync(many).ConfigureAwait(false));
        while (many - few > many / Limits.Compaction.RetentionPrecision)
        {
            long middle = few + ((many - few) / 2);
            if (await IsYoungAsync(middle).ConfigureAwait(false))
                few = middle;
            else
                many = middle;
        }
        return many;

        async Task<bool> IsYoungAsync(long keep) =>
            keep < history.Newest
            && await _clock.ReadAgeAsync(membership, history.Newest - keep, limit).ConfigureAwait(false) < duration;
    }
}

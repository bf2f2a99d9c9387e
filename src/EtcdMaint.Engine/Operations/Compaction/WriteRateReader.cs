using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Measures how many revisions the clients of a cluster create per second.</summary>
internal sealed class WriteRateReader(ClusterContext context)
{
    /// <summary>
    /// Returns the revisions per second since an earlier read. If that read is too recent, the method first waits.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="revision">The revision of the earlier read.</param>
    /// <param name="readAt">The timestamp of the earlier read.</param>
    /// <param name="limit">The time limit of the second read.</param>
    public async Task<double> MeasureAsync(ClusterMembership membership, long revision, long readAt, CallBudget limit)
    {
        TimeSpan rest = Limits.Compaction.RateTime - context.Time.GetElapsedTime(readAt);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, context.Time, limit.Stop).ConfigureAwait(false);
        ReplyHeader now = await ClusterContext
            .AskAnyVoterAsync(membership, c => c.ReadAsync(limit))
            .ConfigureAwait(false);
        return Math.Max(0, now.Revision - revision) / context.Time.GetElapsedTime(readAt).TotalSeconds;
    }
}

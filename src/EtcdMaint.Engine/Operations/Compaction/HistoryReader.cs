using System.Globalization;
using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Reads who compacts the history of a cluster, and how long it is.</summary>
internal sealed class HistoryReader(ClusterContext context)
{
    /// <summary>
    /// Completes what is known about the history. The rate of the writes is measured only if it decides something.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="newest">The reply to a read of <see cref="CompactRevisionKey"/>.</param>
    /// <param name="readAt">The timestamp of that reply.</param>
    /// <param name="compacted">The compacted revision; null if it is unknown.</param>
    /// <param name="limit">The time limit of each further call.</param>
    public async Task<ClusterHistory> CompleteAsync(
        ClusterMembership membership,
        KeyReply newest,
        long readAt,
        long? compacted,
        CallBudget limit
    )
    {
        var history = new ClusterHistory(newest.Header.Revision, readAt, compacted, Read(newest));
        if (HistoryPolicy.NeedsRate(history))
            history = await WithRateAsync(membership, history, limit).ConfigureAwait(false);
        return history.ApiServer is { } api ? history with { ApiServer = HistoryPolicy.Judge(api, history) } : history;
    }

    /// <summary>
    /// Reads the newest revision and the record of the API server. The compacted revision is not read.
    /// </summary>
    public async Task<ClusterHistory> ReadAsync(ClusterMembership membership, CallBudget limit)
    {
        try
        {
            KeyReply newest = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.GetAsync(CompactRevisionKey.Name, limit))
                .ConfigureAwait(false);
            return await CompleteAsync(membership, newest, context.Time.GetTimestamp(), null, limit)
                .ConfigureAwait(false);
        }
        catch (MemberCallException refused) when (refused.Failure is CallFailure.PermissionDenied)
        {
            // A user without the permission to read this key may still read the probe key.
            ReplyHeader newest = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.ReadAsync(limit))
                .ConfigureAwait(false);
            return new ClusterHistory(newest.Revision, context.Time.GetTimestamp(), null, null);
        }
    }

    /// <summary>Measures the rate of the writes if it is not known yet.</summary>
    public async Task<ClusterHistory> WithRateAsync(
        ClusterMembership membership,
        ClusterHistory history,
        CallBudget limit
    ) =>
        history.WritesPerSecond is not null
            ? history
            : history with
            {
                WritesPerSecond = await new WriteRateReader(context)
                    .MeasureAsync(membership, history.Newest, history.ReadAt, limit)
                    .ConfigureAwait(false),
            };

    private static ApiServerCompaction? Read(KeyReply reply) =>
        reply.Value is null
            ? null
            : new ApiServerCompaction(
                long.TryParse(
                    Encoding.UTF8.GetString(reply.Value),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out long revision
                )
                    ? revision
                    : null,
                reply.ModRevision
            );
}

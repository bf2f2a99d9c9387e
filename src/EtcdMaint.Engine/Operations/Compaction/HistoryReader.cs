using System.Globalization;
using System.Text;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Reads who compacts the history of a cluster, and how long it is.</summary>
internal sealed class HistoryReader(ClusterContext context)
{
    private readonly RevisionClock _clock = new(context);

    /// <summary>
    /// Completes what is known about the history. The age of the record of the API server is read from the leases of
    /// Kubernetes. Without them, the rate of the writes is measured, if it decides something.
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
        if (!HistoryPolicy.NeedsTime(history))
            return history;
        TimeSpan? age = history.ApiServer is { } record
            ? await _clock.ReadAgeAsync(membership, record.TickRevision, limit).ConfigureAwait(false)
            : null;
        if (age is null || age > Limits.Compaction.ApiServerSilence)
            history = await WithRateAsync(membership, history, limit).ConfigureAwait(false);
        return history.ApiServer is { } api
            ? history with
            {
                ApiServer = HistoryPolicy.Judge(api, history, age),
            }
            : history;
    }

    /// <summary>
    /// Returns the number of revisions to keep. If the clients wrote more before than they do now, the leases of
    /// Kubernetes show that the revisions of the measured rate are too few, and more are kept.
    /// </summary>
    /// <param name="membership">The members.</param>
    /// <param name="history">The history with the rate of the writes.</param>
    /// <param name="revisions">The number of revisions to keep at least.</param>
    /// <param name="duration">The time whose revisions are kept.</param>
    /// <param name="limit">The time limit of each call.</param>
    public async Task<long> ChooseKeepAsync(
        ClusterMembership membership,
        ClusterHistory history,
        long revisions,
        TimeSpan duration,
        CallBudget limit
    )
    {
        long keep = HistoryPolicy.Keep(revisions, duration, history.WritesPerSecond);
        long oldest = history.Compacted ?? 0;
        while (
            duration > TimeSpan.Zero
            && history.Newest - keep > oldest
            && await _clock.ReadAgeAsync(membership, history.Newest - keep, limit).ConfigureAwait(false) < duration
        )
            keep += (history.Newest - keep - oldest + 1) / 2;
        return keep;
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

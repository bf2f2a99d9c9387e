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

    /// <summary>Reads the newest revision and the record of the API server, and completes the history.</summary>
    /// <param name="membership">The members.</param>
    /// <param name="compacted">The compacted revision; null if it is unknown.</param>
    /// <param name="limit">The time limit of each call.</param>
    public async Task<ClusterHistory> ReadAsync(ClusterMembership membership, long? compacted, CallBudget limit) =>
        await CompleteAsync(
                membership,
                await ReadNewestAsync(membership, limit).ConfigureAwait(false) with
                {
                    Compacted = compacted,
                },
                limit
            )
            .ConfigureAwait(false);

    /// <summary>
    /// Reads the newest revision and the record of the API server. Neither the compacted revision nor any time is read.
    /// </summary>
    public async Task<ClusterHistory> ReadNewestAsync(ClusterMembership membership, CallBudget limit)
    {
        try
        {
            KeyReply newest = await ClusterContext
                .AskAnyVoterAsync(membership, c => c.GetAsync(CompactRevisionKey.Name, limit))
                .ConfigureAwait(false);
            return Of(newest, context.Time.GetTimestamp());
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

    /// <param name="newest">The reply to a read of <see cref="CompactRevisionKey"/>.</param>
    /// <param name="readAt">The timestamp of that reply.</param>
    public static ClusterHistory Of(KeyReply newest, long readAt) =>
        new(newest.Header.Revision, readAt, null, Read(newest));

    /// <summary>
    /// Completes the history with times, if they decide something. The leases of Kubernetes show the age of the record
    /// of the API server. Without them, the rate of the writes is measured.
    /// </summary>
    public async Task<ClusterHistory> CompleteAsync(
        ClusterMembership membership,
        ClusterHistory history,
        CallBudget limit
    )
    {
        if (!HistoryPolicy.NeedsTime(history))
            return history;
        if (history.ApiServer is { } api)
        {
            history = history with
            {
                ApiServer = await JudgeAsync(membership, history, api, limit).ConfigureAwait(false),
            };
            if (history.ApiServer is { IsStale: false })
                return history;
        }
        return await WithRateAsync(membership, history, limit).ConfigureAwait(false);
    }

    private async Task<ApiServerCompaction> JudgeAsync(
        ClusterMembership membership,
        ClusterHistory history,
        ApiServerCompaction api,
        CallBudget limit
    )
    {
        if (await _clock.ReadAgeAsync(membership, api.TickRevision, limit).ConfigureAwait(false) is not { } age)
        {
            if (history.Newest - api.TickRevision >= Limits.Compaction.LongestBurst)
                history = await WithRateAsync(membership, history, limit).ConfigureAwait(false);
            return ApiServerCompactionPolicy.Judge(api, ApiServerCompactionPolicy.EstimateAge(api, history), null);
        }
        // The value is the revision of the tick before.
        TimeSpan? before =
            age > Limits.Compaction.ApiServerSilence && api.Revision > 0
                ? await _clock.ReadAgeAsync(membership, api.Revision.Value, limit).ConfigureAwait(false)
                : null;
        return ApiServerCompactionPolicy.Judge(api, age, before - age);
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

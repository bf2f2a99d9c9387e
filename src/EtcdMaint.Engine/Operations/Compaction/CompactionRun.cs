using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>
/// Compacts the cluster and waits until each member has physically removed its history. A defragmentation that starts
/// earlier would copy the old revisions too.
/// </summary>
internal sealed class CompactionRun(
    ClusterContext context,
    RecordMapper records,
    CompactionRequest request,
    IRunObserver observer
)
{
    private readonly HashSet<string> _shown = [];

    /// <summary>Every specified member gets one row, even if the cluster refuses before anything is sent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(new CallBudget(request.CallTimeout, cancellationToken)).ConfigureAwait(false);
        }
        catch (EtcdException refused)
        {
            foreach (MemberTarget target in request.Targets.Where(t => !_shown.Contains(t.Member.MemberId)))
                Emit(target.Member, EtcdCompactionStatus.NotAttempted, refused.Message, brief: refused.Brief);
            observer.ReportError(refused);
        }
    }

    private async Task WorkAsync(CallBudget limit)
    {
        ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
        List<ResolvedMember> members = PassOn(membership);
        if (members.Count == 0)
            return;

        ClusterHistory history = await new HistoryReader(context)
            .ReadNewestAsync(membership, limit)
            .ConfigureAwait(false);
        long? revision = await ChooseRevisionAsync(membership, history, limit).ConfigureAwait(false);
        if (revision is null)
        {
            foreach (ResolvedMember member in members)
                Emit(membership, member, EtcdCompactionStatus.Skipped, WhyNothing());
            return;
        }
        bool isDone = await ClusterContext
            .AskAnyVoterAsync(membership, c => c.IsCompactedAsync(revision.Value, limit))
            .ConfigureAwait(false);
        if (!isDone && !request.IsDecided)
            await new ApiServerHistoryWarning(context, request, observer)
                .WarnAsync(membership, history, revision.Value, limit)
                .ConfigureAwait(false);
        if (request.PlanOnly || (!isDone && !await ConfirmAsync(revision.Value).ConfigureAwait(false)))
        {
            await PlanAsync(membership, members, revision.Value, isDone, limit).ConfigureAwait(false);
            return;
        }

        // A compaction of another client may still be running on a member. Waiting for it changes nothing.
        string doing = isDone ? "History is already compacted to" : "Compacting to";
        observer.LogVerbose(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{doing} revision {revision}; waiting for {members.Count} members."
            )
        );
        var progress = new RunProgress(
            $"Compacting {request.Targets[0].Member.ClusterName}",
            members.Count == 1
                ? $"Waiting until {members[0]} has removed its history"
                : $"Waiting until {members.Count} members have removed their history"
        );
        observer.Report(progress);
        try
        {
            await CompactAsync(membership, members, revision.Value, limit).ConfigureAwait(false);
        }
        finally
        {
            observer.Report(progress with { IsOver = true });
        }
    }

    /// <summary>Emits the rows of members that are not compacted, and returns the others.</summary>
    private List<ResolvedMember> PassOn(ClusterMembership membership)
    {
        var members = new List<ResolvedMember>();
        foreach (MemberTarget target in request.Targets)
        {
            if (membership.Find(target.Member.Id) is not { } member)
            {
                EtcdException gone = MembershipErrors.Departed(target.Member);
                Emit(target.Member, EtcdCompactionStatus.Failed, gone.Message, brief: gone.Brief);
                observer.ReportError(gone);
            }
            else if (target.Upstream is UpstreamState.Failed)
                Emit(membership, member, EtcdCompactionStatus.NotAttempted, target.Reason, brief: target.Brief);
            else if (member.Entry.IsLearner)
                Emit(
                    membership,
                    member,
                    EtcdCompactionStatus.Skipped,
                    "a learner compacts with the other members and cannot be asked"
                );
            else
                members.Add(member);
        }
        return members;
    }

    /// <summary>
    /// Returns the revision to compact to, which is checked before anything is sent, or null if all history is kept.
    /// </summary>
    private async Task<long?> ChooseRevisionAsync(
        ClusterMembership membership,
        ClusterHistory history,
        CallBudget limit
    )
    {
        if (request.Revision > history.Newest)
            throw new EtcdException(
                ErrorIds.RevisionInFuture,
                EtcdErrorCategory.InvalidArgument,
                $"Revision {request.Revision} is newer than the newest revision of the cluster, {history.Newest}.",
                "Omit -Revision to use the newest revision. Do not use a revision of another cluster.",
                request.Revision
            );
        long revision =
            request.Revision
            ?? history.Newest - await ChooseKeepAsync(membership, history, limit).ConfigureAwait(false);
        return revision > 0 ? revision : null;
    }

    private async Task<long> ChooseKeepAsync(ClusterMembership membership, ClusterHistory history, CallBudget limit)
    {
        if (request.KeepDuration == TimeSpan.Zero)
            return request.KeepRevisions;
        history = await new HistoryReader(context).WithRateAsync(membership, history, limit).ConfigureAwait(false);
        long keep = await new RetentionReader(context)
            .ChooseAsync(membership, history, request.KeepRevisions, request.KeepDuration, limit)
            .ConfigureAwait(false);
        observer.LogVerbose(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The clients create {history.WritesPerSecond:N1} revisions per second, and {keep:N0} are kept."
            )
        );
        return keep;
    }

    private string WhyNothing() =>
        request.Revision is not null ? "revision 0 is before the first revision, so there is nothing to compact"
        : request.KeepDuration > TimeSpan.Zero
            ? "all history is kept: the cluster has no more revisions than those of -KeepDuration"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"all history is kept: the cluster has no more than {request.KeepRevisions:N0} revisions"
        );

    private Task<bool> ConfirmAsync(long revision) =>
        observer.ConfirmAsync(
            $"Compact to revision {revision}, removing all older history",
            request.Targets[0].Member.ClusterName
        );

    private async Task PlanAsync(
        ClusterMembership membership,
        List<ResolvedMember> members,
        long revision,
        bool isDone,
        CallBudget limit
    )
    {
        if (request.PlanOnly && !isDone)
            await ConfirmAsync(revision).ConfigureAwait(false);
        EtcdCompactionStatus status =
            isDone ? EtcdCompactionStatus.AlreadyCompacted
            : request.PlanOnly ? EtcdCompactionStatus.Planned
            : EtcdCompactionStatus.Skipped;
        foreach (MemberReading reading in await context.ReadAsync(members, limit).ConfigureAwait(false))
            Emit(membership, reading.Member, status, request.PlanOnly ? null : "not confirmed", revision, reading);
    }

    /// <summary>
    /// Calls all members at the same time. The first call compacts. Each other call waits for the compaction on its own
    /// member and then returns "already compacted".
    /// </summary>
    private async Task CompactAsync(
        ClusterMembership membership,
        List<ResolvedMember> members,
        long revision,
        CallBudget limit
    )
    {
        var barrier = new CompactionBarrier(context.Time, observer);
        BarrierResult[] firstStep = await PublishFreePagesAsync(barrier, members, revision, limit)
            .ConfigureAwait(false);
        BarrierResult[] results = await Task.WhenAll(members.Select(m => barrier.PassAsync(m, revision, limit)))
            .ConfigureAwait(false);
        bool isNew = firstStep.Concat(results).Any(r => r.DidCompact);
        MemberReading[] readings = await context.ReadAsync(members, limit).ConfigureAwait(false);
        var failures = new List<(ResolvedMember, EtcdException)>();
        for (int i = 0; i < results.Length; i++)
        {
            EtcdCompactionStatus status =
                results[i].Failure is not null ? EtcdCompactionStatus.Failed
                : isNew ? EtcdCompactionStatus.Compacted
                : EtcdCompactionStatus.AlreadyCompacted;
            Emit(
                membership,
                members[i],
                status,
                results[i].Failure?.Message,
                revision,
                readings[i],
                results[i].Duration,
                results[i].Failure?.Brief
            );
            if (results[i].Failure is { } failure)
                failures.Add((members[i], failure));
        }
        foreach (EtcdException error in OneError.Of(failures))
            observer.ReportError(error);
    }

    /// <summary>
    /// etcd reports the pages that a compaction freed only after a further commit: 3.4 always, later releases if a read
    /// was still open at that moment. No commit follows while the cluster is idle or refuses writes. A compaction in
    /// two steps causes this commit. Observed on 3.4.23 and 3.5.30.
    /// </summary>
    private static Task<BarrierResult[]> PublishFreePagesAsync(
        CompactionBarrier barrier,
        List<ResolvedMember> members,
        long revision,
        CallBudget limit
    ) =>
        revision <= 1
            ? Task.FromResult<BarrierResult[]>([])
            // Each member must have committed its first step before the second step can show it. Only a member that was
            // asked for a physical compaction commits at its end.
            : Task.WhenAll(members.Select(m => barrier.PassAsync(m, revision - 1, limit)));

    private void Emit(
        ClusterMembership membership,
        ResolvedMember member,
        EtcdCompactionStatus status,
        string? reason,
        long? revision = null,
        MemberReading? reading = null,
        TimeSpan? duration = null,
        string? brief = null
    ) => Emit(records.Member(membership, member), status, reason, revision, reading, duration, brief);

    private void Emit(
        EtcdMember record,
        EtcdCompactionStatus status,
        string? reason,
        long? revision = null,
        MemberReading? reading = null,
        TimeSpan? duration = null,
        string? brief = null
    )
    {
        _shown.Add(record.MemberId);
        observer.Emit(
            new EtcdCompactionResult
            {
                ClusterName = record.ClusterName,
                ClusterId = record.ClusterId,
                MemberId = record.MemberId,
                MemberName = record.MemberName,
                Endpoint = record.Endpoint,
                Revision = revision,
                Status = status,
                Reason = reason,
                Brief = brief,
                DbSize = reading?.Status?.DbSize,
                DbSizeInUse = reading?.Status?.DbSizeInUse,
                Duration = duration,
                Member = record.AsPlanned(request.PlanOnly),
            }
        );
    }
}

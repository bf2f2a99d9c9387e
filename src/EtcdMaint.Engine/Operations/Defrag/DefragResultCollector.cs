using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Collects the results of a run: the members that still wait, and the one row of each member. Rows are emitted at
/// once, and are kept for users who can no longer see them.
/// </summary>
internal sealed class DefragResultCollector
{
    private readonly IRunObserver _observer;
    private readonly bool _isPlan;
    private readonly Dictionary<ulong, MemberTarget> _waiting = [];
    private readonly List<EtcdDefragResult> _rows = [];
    private readonly HashSet<ulong> _done = [];
    private int _turns;

    /// <summary>Emits rows for members that an earlier step or their kind excludes. The others wait.</summary>
    public DefragResultCollector(DefragRequest request, IRunObserver observer)
    {
        _observer = observer;
        _isPlan = request.PlanOnly;
        foreach (MemberTarget target in request.Targets)
        {
            if (target.Upstream is UpstreamState.Failed)
                Add(
                    target.Member,
                    null,
                    new DefragOutcome(EtcdDefragStatus.NotAttempted, target.Reason) { Brief = target.Brief },
                    null,
                    null
                );
            else if (target.Member.IsLearner)
                Add(
                    target.Member,
                    null,
                    new DefragOutcome(EtcdDefragStatus.Skipped, "a learner cannot be defragmented while it runs"),
                    null,
                    null
                );
            else
                _waiting[target.Member.Id] = target;
        }
    }

    public IReadOnlyCollection<ulong> Waiting => [.. _waiting.Keys];

    /// <summary>The members that were defragmented in this run.</summary>
    public IReadOnlySet<ulong> Done => _done;

    public EtcdDefragResult[] Rows => [.. _rows];

    public MemberTarget this[ulong id] => _waiting[id];

    public bool IsWaiting(ulong id) => _waiting.ContainsKey(id);

    /// <summary>
    /// Whether a compaction that is also only planned comes first. The sizes then do not show what it will free.
    /// </summary>
    public bool IsBeforeCompaction(ulong id) => _waiting[id].Upstream is UpstreamState.Planned;

    /// <summary>Emits the row of a member that is not changed.</summary>
    public void Leave(
        ulong id,
        EtcdDefragStatus status,
        string? reason,
        MemberReading? reading = null,
        bool? isLeader = null
    ) => Close(id, reading?.Status, new DefragOutcome(status, reason), null, isLeader);

    /// <summary>Emits the row of a member that failed, then reports the error.</summary>
    /// <param name="id">The member.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="reading">The figures of the member, if they are known.</param>
    /// <param name="isLeader">Whether the member is the leader, if this is known.</param>
    /// <param name="isReported">Whether to report the error. The caller can report one error for several
    /// members.</param>
    public void AddFailure(
        ulong id,
        EtcdException error,
        MemberReading? reading = null,
        bool? isLeader = null,
        bool isReported = true
    ) =>
        Close(
            id,
            reading?.Status,
            isReported ? DefragOutcome.Failed(error) : new DefragOutcome(EtcdDefragStatus.Failed, error.Message),
            null,
            isLeader
        );

    /// <param name="reason">Why the members that wait are not started.</param>
    /// <param name="brief">The same in few words; null if the reason is short.</param>
    public void LeaveRest(string reason, string? brief = null)
    {
        foreach (ulong id in Waiting)
            Close(id, null, new DefragOutcome(EtcdDefragStatus.NotAttempted, reason) { Brief = brief }, null, null);
    }

    /// <param name="reading">The reading of the member.</param>
    /// <param name="predicted">The predicted pause.</param>
    /// <param name="isLeader">Whether the member is the leader now.</param>
    /// <param name="unsure">What the plan depends on, or null if its figures are known.</param>
    public void Plan(MemberReading reading, TimeSpan predicted, bool isLeader, string? unsure) =>
        Close(
            reading.Id,
            reading.Status,
            new DefragOutcome(EtcdDefragStatus.Planned, unsure)
            {
                BytesAfter = unsure is null ? reading.Status!.DbSizeInUse : null,
                Reclaims = unsure is null ? null : ReclaimRange.Of(reading.Status!),
            },
            predicted,
            isLeader
        );

    public void Finish(MemberReading before, DefragOutcome outcome, TimeSpan predicted, bool wasLeader)
    {
        if (outcome.Status is EtcdDefragStatus.Defragmented)
            _done.Add(before.Id);
        Close(before.Id, before.Status, outcome, predicted, wasLeader);
    }

    private void Close(ulong id, StatusReply? before, DefragOutcome outcome, TimeSpan? predicted, bool? wasLeader)
    {
        if (_waiting.Remove(id, out MemberTarget? target))
            Add(target.Member, before, outcome, predicted, wasLeader);
    }

    private void Add(
        EtcdMember member,
        StatusReply? before,
        DefragOutcome outcome,
        TimeSpan? predicted,
        bool? wasLeader
    )
    {
        var row = new EtcdDefragResult
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Endpoint = member.Endpoint,
            Status = outcome.Status,
            Reason = outcome.Reason,
            Brief = outcome.Brief ?? outcome.Error?.Brief,
            Order = outcome.Status is EtcdDefragStatus.Planned || outcome.StartedAt is not null ? ++_turns : null,
            BytesBefore = before?.DbSize,
            BytesAfter = outcome.BytesAfter,
            BytesReclaimedMinimum = outcome.Reclaims?.Minimum,
            BytesReclaimedMaximum = outcome.Reclaims?.Maximum,
            IsVerified = outcome.IsVerified,
            StartedAt = outcome.StartedAt,
            PredictedDuration = predicted,
            Duration = outcome.Duration,
            WasLeader = wasLeader,
            WorstStall = outcome.Impact?.WorstStall,
            TotalStall = outcome.Impact?.TotalStall,
            TermChanges = outcome.TermChanges,
            Member = member.AsPlanned(_isPlan),
        };
        _rows.Add(row);
        _observer.Emit(row);
        if (outcome.Error is not null)
            _observer.ReportError(outcome.Error);
    }
}

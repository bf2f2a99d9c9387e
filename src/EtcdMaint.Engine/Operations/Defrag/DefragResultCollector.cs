using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// The book of a run: which members still wait, and the one row that each of them gets. Rows are emitted at once, and
/// kept for those who could not see them any more.
/// </summary>
internal sealed class DefragResultCollector
{
    private readonly IRunObserver _observer;
    private readonly bool _isPlan;
    private readonly Dictionary<ulong, MemberTarget> _waiting = [];
    private readonly List<EtcdDefragResult> _rows = [];
    private readonly HashSet<ulong> _done = [];

    /// <summary>Gives rows to what an earlier step or its nature rules out; the rest waits.</summary>
    public DefragResultCollector(DefragRequest request, IRunObserver observer)
    {
        _observer = observer;
        _isPlan = request.PlanOnly;
        foreach (MemberTarget target in request.Targets)
        {
            if (target.Upstream is UpstreamState.Failed)
                Add(target.Member, null, new DefragOutcome(EtcdDefragStatus.NotAttempted, target.Reason), null, null);
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

    /// <summary>Members that were defragmented in this run.</summary>
    public IReadOnlySet<ulong> Done => _done;

    public EtcdDefragResult[] Rows => [.. _rows];

    public MemberTarget this[ulong id] => _waiting[id];

    public bool IsWaiting(ulong id) => _waiting.ContainsKey(id);

    /// <summary>
    /// Whether a compaction that is only planned too comes first: the sizes then say nothing about what it will free.
    /// </summary>
    public bool IsBeforeCompaction(ulong id) => _waiting[id].Upstream is UpstreamState.Planned;

    /// <summary>A member that is left as it is.</summary>
    public void Leave(
        ulong id,
        EtcdDefragStatus status,
        string? reason,
        MemberReading? reading = null,
        bool? isLeader = null
    ) => Close(id, reading?.Status, new DefragOutcome(status, reason), null, isLeader);

    /// <summary>A member that could not be worked on: its row, then the error.</summary>
    public void Fail(ulong id, EtcdException error, MemberReading? reading = null, bool? isLeader = null) =>
        Close(id, reading?.Status, DefragOutcome.Failed(error), null, isLeader);

    public void LeaveRest(string reason)
    {
        foreach (ulong id in Waiting)
            Leave(id, EtcdDefragStatus.NotAttempted, reason);
    }

    /// <param name="reading">The member's figures.</param>
    /// <param name="predicted">How long it is expected to take.</param>
    /// <param name="isLeader">Whether it leads now.</param>
    /// <param name="unsure">Why the size afterwards cannot be known yet; null where it can.</param>
    public void Plan(MemberReading reading, TimeSpan predicted, bool isLeader, string? unsure) =>
        Close(
            reading.Id,
            reading.Status,
            new DefragOutcome(EtcdDefragStatus.Planned, unsure)
            {
                BytesAfter = unsure is null ? reading.Status!.DbSizeInUse : null,
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
            BytesBefore = before?.DbSize,
            BytesAfter = outcome.BytesAfter,
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

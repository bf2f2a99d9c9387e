using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;

namespace EtcdMaint.Engine.Maintenance.Defrag;

/// <summary>Makes the rows of a run, and keeps them for those who could not see them any more.</summary>
internal sealed class DefragRows(IRunObserver observer)
{
    private readonly List<EtcdDefragResult> _rows = [];

    public EtcdDefragResult[] ToArray() => [.. _rows];

    public void Leave(EtcdMember member, EtcdDefragStatus status, string? reason, MemberReading? reading = null, bool? wasLeader = null) =>
        Add(member, reading?.Status, new DefragOutcome(status, reason), null, wasLeader);

    public void Plan(EtcdMember member, StatusReply status, TimeSpan predicted, bool isLeader, string? reason) =>
        Add(member, status, new DefragOutcome(EtcdDefragStatus.Planned, reason) { BytesAfter = status.DbSizeInUse }, predicted, isLeader);

    public void Done(EtcdMember member, StatusReply before, DefragOutcome outcome, TimeSpan predicted, bool wasLeader) =>
        Add(member, before, outcome, predicted, wasLeader);

    private void Add(EtcdMember member, StatusReply? before, DefragOutcome outcome, TimeSpan? predicted, bool? wasLeader)
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
            PredictedDuration = predicted,
            Duration = outcome.Duration,
            WasLeader = wasLeader,
            WorstStall = outcome.Impact?.WorstStall,
            TotalStall = outcome.Impact?.TotalStall,
            TermChanges = outcome.TermChanges,
            Member = member,
        };
        _rows.Add(row);
        observer.Emit(row);
        if (outcome.Error is not null)
            observer.Fail(outcome.Error);
    }
}

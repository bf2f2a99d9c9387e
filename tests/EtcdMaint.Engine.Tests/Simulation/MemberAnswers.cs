using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A member's answer to each call, and which calls wait while it defragments or has no leader.</summary>
internal sealed class MemberAnswers(SimulatedCluster cluster)
{
    public static MemberCallException Refusal(SimulatedMember member, CallFailure failure) =>
        MemberCallException.Create(failure, new MemberAddress(member.Entry.ClientUrls[0]));

    public ReplyHeader Header(SimulatedMember member) =>
        new(cluster.Id, member.Id, cluster.Revision, member.StaleList is null ? cluster.Term : cluster.Term - 1);

    public bool List(SimulatedMember member, out MemberListReply reply)
    {
        RequireVoter(member);
        reply = new MemberListReply(
            Header(member),
            member.StaleList ?? member.LateList ?? [.. cluster.Members.Select(m => m.Entry)]
        );
        return true;
    }

    public bool ListAgreed(SimulatedMember member, out MemberListReply reply) =>
        List(member, out reply) && CanAgree(member);

    public bool Status(SimulatedMember member, out StatusReply reply)
    {
        reply = null!;
        if (member.IsBackendBlocked)
            return false;
        member.StatusServedAt = cluster.Time.Now;
        ulong known = cluster.RaftIndex;
        reply = new StatusReply
        {
            Header = Header(member),
            Version = member.Version,
            DbSize = member.DbSize,
            DbSizeInUse = member.InUse,
            QuotaBytes = member.Version.StartsWith("3.6", StringComparison.Ordinal) ? member.Quota ?? 2L << 30 : null,
            Leader = member.IsCutFromPeers ? 0 : cluster.Leader?.Id ?? 0,
            RaftTerm = cluster.Term,
            RaftIndex = known,
            RaftAppliedIndex = known - Math.Min(known, member.Lag + member.Unapplied),
            IsLearner = member.IsLearner,
            Errors =
            [
                .. cluster.Alarms.Select(a =>
                    $"memberID:{a.MemberId} alarm:{(a.Type is EtcdAlarmType.Corrupt ? "CORRUPT" : "NOSPACE")} "
                ),
            ],
        };
        return true;
    }

    public bool ReadAgreed(SimulatedMember member, out ReplyHeader reply)
    {
        reply = Header(member);
        return CanAgree(member);
    }

    public bool Alarms(SimulatedMember member, out IReadOnlyList<ArmedAlarm> reply)
    {
        reply = [.. cluster.Alarms];
        return CanAgreeOnAlarms(member);
    }

    public bool Compact(SimulatedMember member, long revision, ref bool hasCompacted)
    {
        if (!CanAgree(member))
            return false;
        if (revision > cluster.Revision)
            throw Refusal(member, CallFailure.FutureRevision);
        if (revision > cluster.Compacted)
        {
            hasCompacted = true;
            cluster.Compacted = revision;
            cluster.Members.ForEach(m => m.Compact());
        }
        if (cluster.Time.Now < member.CompactingUntil)
            return false;
        return hasCompacted ? true : throw Refusal(member, CallFailure.Compacted);
    }

    public bool Transfer(SimulatedMember member, ulong target)
    {
        RequireVoter(member);
        if (member != cluster.Leader)
            throw Refusal(member, CallFailure.NotLeader);
        SimulatedMember to =
            cluster.Members.Find(m => m.Id == target) ?? throw Refusal(member, CallFailure.BadTransferee);
        if (to.IsLearner)
            throw Refusal(member, CallFailure.BadTransferee);
        if (cluster.RefusesTransfer || !to.IsWithPeers)
            return false;
        cluster.Lead(to);
        return true;
    }

    public static bool Metrics(SimulatedMember member, out MemberMetrics? reply)
    {
        if (member.HasMetrics)
            member.ShowMetrics();
        reply = !member.HasMetrics
            ? null
            : new MemberMetrics
            {
                MemberId = member.Id,
                IsDefragmenting = member.IsDefragmenting,
                DefragCount = member.DefragCount,
                DefragSeconds = member.DefragSeconds,
                HasNonBlockingDefrag = member.IsNonBlocking,
                FailedDefragCount = member.FailedDefragCount,
                ProcessStart = member.ProcessStart,
                QuotaBytes = member.Quota,
            };
        return true;
    }

    /// <summary>Whether a call that goes through raft, or reads linearizably, can be answered now.</summary>
    public bool CanAgree(SimulatedMember member)
    {
        if (!CanAgreeOnAlarms(member))
            return false;
        return cluster.CorruptSince is null ? true : throw Refusal(member, CallFailure.Corrupt);
    }

    /// <summary>A cluster with a CORRUPT alarm still serves alarm calls.</summary>
    public bool CanAgreeOnAlarms(SimulatedMember member)
    {
        RequireVoter(member);
        return !member.IsBackendBlocked && !member.IsCutFromPeers && cluster.IsServing;
    }

    /// <summary>Calls about roles go through raft too, and neither alarm blocks them.</summary>
    public bool CanAgreeOnRoles(SimulatedMember member)
    {
        if (!CanAgreeOnAlarms(member))
            return false;
        return cluster.ForbidsRoles ? throw Refusal(member, CallFailure.PermissionDenied) : true;
    }

    public bool CanWrite(SimulatedMember member)
    {
        if (!CanAgree(member))
            return false;
        return cluster.Alarms.Exists(a => a.Type is EtcdAlarmType.NoSpace)
            ? throw Refusal(member, CallFailure.NoSpace)
            : true;
    }

    private static void RequireVoter(SimulatedMember member)
    {
        if (member.IsLearner)
            throw Refusal(member, CallFailure.Learner);
    }
}

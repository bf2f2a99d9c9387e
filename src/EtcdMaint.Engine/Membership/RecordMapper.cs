using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>Creates the public objects of one connection from the replies of its members.</summary>
/// <param name="connection">The connection.</param>
/// <param name="arePlanned">Whether the objects belong to a plan, so that no later cmdlet acts on them.</param>
internal sealed class RecordMapper(EtcdConnection connection, bool arePlanned = false)
{
    public EtcdMember Member(ClusterMembership membership, ResolvedMember member) =>
        new EtcdMember
        {
            ClusterName = connection.ClusterName,
            ClusterId = HexId.Format(membership.ClusterId),
            MemberId = HexId.Format(member.Id),
            MemberName = member.Entry.Name,
            Endpoint = member.Client?.Place.Endpoint,
            ClientUrl = [.. member.Entry.ClientUrls],
            PeerUrl = [.. member.Entry.PeerUrls],
            IsLearner = member.Entry.IsLearner,
            PodName = member.Client?.Place.PodName,
            NodeName = member.Client?.Place.NodeName,
            AllNames = membership.Names,
            AllEndpoints = membership.Endpoints,
            Connection = connection,
        }.AsPlanned(arePlanned);

    /// <param name="member">The member whose status it is.</param>
    /// <param name="reading">The reading, or null if not even the cluster was reached.</param>
    public static EtcdMemberStatus Status(EtcdMember member, MemberReading? reading)
    {
        StatusReply? status = reading?.Status;
        return new EtcdMemberStatus
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Endpoint = member.Endpoint,
            Version = status?.Version,
            StorageVersion = status?.StorageVersion,
            DbSize = status?.DbSize,
            DbSizeInUse = status?.DbSizeInUse,
            QuotaBytes = reading?.QuotaBytes is > 0 ? reading.QuotaBytes : null,
            IsWithoutQuota = reading?.QuotaBytes < 0,
            IsLeader = status is null ? null : status.Leader == member.Id,
            LeaderId = status is null or { Leader: 0 } ? null : HexId.Format(status.Leader),
            IsLearner = status?.IsLearner ?? member.IsLearner,
            RaftTerm = (long?)status?.RaftTerm,
            RaftIndex = (long?)status?.RaftIndex,
            RaftAppliedIndex = (long?)status?.RaftAppliedIndex,
            Revision = status?.Header.Revision,
            Alarm =
            [
                .. AlarmStrings.Read(status?.Errors ?? []).Where(a => a.MemberId == member.Id).Select(a => a.Type),
            ],
            Error = [.. status?.Errors ?? []],
            IsReachable = status is not null,
            Latency = reading?.Latency,
            PodName = member.PodName,
            NodeName = member.NodeName,
            Member = member,
        };
    }

    public EtcdAlarm Alarm(ClusterMembership membership, ArmedAlarm alarm)
    {
        ResolvedMember? member = membership.Find(alarm.MemberId);
        return new EtcdAlarm
        {
            ClusterName = connection.ClusterName,
            ClusterId = HexId.Format(membership.ClusterId),
            MemberId = HexId.Format(alarm.MemberId),
            MemberName = member?.Entry.Name ?? "",
            AlarmType = alarm.Type,
            Member = member is null ? null : Member(membership, member),
            Connection = connection,
        };
    }
}

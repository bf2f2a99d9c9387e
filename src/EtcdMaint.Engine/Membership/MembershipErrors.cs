namespace EtcdMaint.Engine.Membership;

/// <summary>Errors about the membership of the cluster.</summary>
internal static class MembershipErrors
{
    public static EtcdException Departed(EtcdMember member) =>
        new(
            ErrorIds.MemberDeparted,
            EtcdErrorCategory.ObjectNotFound,
            $"Member {member} ({member.MemberId}) is no longer in cluster {member.ClusterId}.",
            "Read the members again with Get-EtcdMember.",
            member
        );

    public static EtcdException NoVoterReached(ulong clusterId) =>
        new(
            ErrorIds.NoVoterReached,
            EtcdErrorCategory.ConnectionError,
            "No voting member was reached.",
            "Start a voter, or specify its own endpoint.",
            HexId.Format(clusterId)
        );
}

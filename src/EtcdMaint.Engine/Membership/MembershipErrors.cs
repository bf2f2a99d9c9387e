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
}

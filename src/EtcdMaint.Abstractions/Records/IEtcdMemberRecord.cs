namespace EtcdMaint;

/// <summary>
/// An object that represents one member of one cluster: a member, its status, or the result of an operation on it.
/// </summary>
public interface IEtcdMemberRecord
{
    /// <summary>The name of the cluster in the connection.</summary>
    string ClusterName { get; }

    /// <summary>The ID of the cluster, in lower-case hexadecimal.</summary>
    string ClusterId { get; }

    /// <summary>The ID of the member, in lower-case hexadecimal.</summary>
    string MemberId { get; }

    /// <summary>The name of the member; empty until the member has started for the first time.</summary>
    string MemberName { get; }

    /// <summary>The member; null if it has left the cluster.</summary>
    EtcdMember? Member { get; }
}

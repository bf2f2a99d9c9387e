namespace EtcdMaint;

/// <summary>
/// An object that stands for one member of one cluster: a member, its status, or the result of work on it.
/// </summary>
public interface IEtcdMemberRecord
{
    /// <summary>The name the connection gave the cluster.</summary>
    string ClusterName { get; }

    /// <summary>The cluster's ID, lower-case hexadecimal.</summary>
    string ClusterId { get; }

    /// <summary>The member's ID, lower-case hexadecimal.</summary>
    string MemberId { get; }

    /// <summary>The member's name; empty while the member has never started.</summary>
    string MemberName { get; }

    /// <summary>The member; null when it has left the cluster.</summary>
    EtcdMember? Member { get; }
}

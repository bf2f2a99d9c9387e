namespace EtcdMaint;

/// <summary>
/// The points of an upgrade check that some accesses or releases do not show. The name and <c>NotChecked</c> are the ID
/// of the finding about a point that was not checked.
/// </summary>
public enum EtcdUpgradeCheck
{
    /// <summary>Whether authentication is enabled. etcd 3.4 cannot be upgraded member by member with it.</summary>
    Auth,

    /// <summary>The free disk space of each member.</summary>
    Disk,

    /// <summary>Whether a downgrade of the cluster is running. etcd 3.5 reports it only over gRPC.</summary>
    Downgrade,

    /// <summary>The flags, variables and config file of each member.</summary>
    Flag,

    /// <summary>Whether the members have the same data.</summary>
    Hash,

    /// <summary>The member list of each member.</summary>
    MemberList,

    /// <summary>The size of each database, compared with its quota.</summary>
    Quota,

    /// <summary>A release that the module does not know, or a member whose release it cannot read.</summary>
    Release,

    /// <summary>A snapshot that was compared with the cluster.</summary>
    Snapshot,

    /// <summary>The data of etcd's old API in the v2 store, with which etcd 3.6 does not start.</summary>
    V2Store,
}

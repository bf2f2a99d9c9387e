namespace EtcdMaint.TestCluster;

/// <summary>The users of a cluster with auth.</summary>
public static class ClusterUsers
{
    /// <summary>Has the role root: may do everything.</summary>
    public static ClusterUser Root { get; } = new("root", "root-secret");

    /// <summary>May read and write keys that begin with <see cref="LimitedPrefix"/>, and nothing else.</summary>
    public static ClusterUser Limited { get; } = new("limited", "limited-secret");

    public const string LimitedPrefix = "limited/";
}

/// <summary>A user of etcd.</summary>
public sealed record ClusterUser(string Name, string Password);

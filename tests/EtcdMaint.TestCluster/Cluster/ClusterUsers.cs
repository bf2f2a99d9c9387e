namespace EtcdMaint.TestCluster;

/// <summary>The users of a cluster with auth.</summary>
public static class ClusterUsers
{
    /// <summary>Has the role root, with all permissions.</summary>
    public static ClusterUser Root { get; } = new("root", "root-secret");

    /// <summary>Can read and write keys that start with <see cref="LimitedPrefix"/>, and nothing else.</summary>
    public static ClusterUser Limited { get; } = new("limited", "limited-secret");

    public const string LimitedPrefix = "limited/";
}

/// <summary>A user of etcd.</summary>
public sealed record ClusterUser(string Name, string Password);

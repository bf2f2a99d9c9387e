namespace EtcdMaint;

/// <summary>
/// A way to one cluster. Thread-safe: it may be handed to other runspaces. It holds no open stream for longer than
/// five idle minutes, and opens them again when needed.
/// </summary>
public sealed class EtcdConnection
{
    private static long _made;

    private volatile string? _clusterId;

    private volatile EtcdDefragRun? _lastRun;

    internal EtcdConnection(
        string clusterName,
        EtcdAccess access,
        string[] endpoint,
        string? userName,
        IEtcdCluster cluster
    )
    {
        ClusterName = PlainText.Of(clusterName);
        Access = access;
        Endpoint = PlainText.Of(endpoint);
        UserName = PlainText.Of(userName);
        Cluster = cluster;
    }

    /// <summary>The name given to the cluster, else the host of the first endpoint.</summary>
    public string ClusterName { get; }

    /// <summary>The cluster's ID, lower-case hexadecimal; null until something has answered.</summary>
    public string? ClusterId => _clusterId;

    /// <summary>The way in.</summary>
    public EtcdAccess Access { get; }

    /// <summary>The endpoints given or found.</summary>
    public string[] Endpoint { get; }

    /// <summary>The etcd user; null when none logs in.</summary>
    public string? UserName { get; }

    /// <summary>False once it was closed by <c>Disconnect-EtcdCluster</c>.</summary>
    public bool IsOpen => Cluster.IsOpen;

    /// <summary>
    /// Whether a cmdlet that only reads found the cluster through the current Kubernetes context or the account of the
    /// pod. Cmdlets that change a cluster refuse such a connection, and everything that was read over it.
    /// </summary>
    public bool IsImplicit => ImplicitSource is not null;

    /// <summary>How the last defragmentation over this connection ended; null before the first.</summary>
    public EtcdDefragRun? LastRun => _lastRun;

    internal IEtcdCluster Cluster { get; }

    /// <summary>What led to the cluster when the user did not specify one; null when the user did.</summary>
    internal string? ImplicitSource { get; set; }

    /// <summary>Which one it was of those that this process made: the newer of two has the higher number.</summary>
    internal long Number { get; } = Interlocked.Increment(ref _made);

    internal void Learn(string clusterId) => _clusterId = clusterId;

    internal void Keep(EtcdDefragRun run) => _lastRun = run;

    /// <summary>The cluster's name.</summary>
    public override string ToString() => ClusterName;
}

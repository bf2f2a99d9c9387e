namespace EtcdMaint;

/// <summary>
/// A connection to one cluster. It is thread-safe, so you can pass it to other runspaces. It closes a stream that is
/// idle for five minutes, or if many other clusters were used since, and opens it again when it is needed.
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

    /// <summary>The name that you gave the cluster, or the host of the first endpoint.</summary>
    public string ClusterName { get; }

    /// <summary>The ID of the cluster, in lower-case hexadecimal; null until a member has answered.</summary>
    public string? ClusterId => _clusterId;

    /// <summary>The access.</summary>
    public EtcdAccess Access { get; }

    /// <summary>The endpoints that were specified or found.</summary>
    public EtcdList<string> Endpoint { get; }

    /// <summary>The etcd user; null if the connection uses no login.</summary>
    public string? UserName { get; }

    /// <summary>Whether the connection is open. <c>Disconnect-EtcdCluster</c> closes it.</summary>
    public bool IsOpen => Cluster.IsOpen;

    /// <summary>
    /// The ring of the cluster: <c>Invoke-EtcdMaintenance</c> starts a ring when the ring before it has ended without
    /// failures. Null for none; these clusters come last.
    /// </summary>
    public int? Ring { get; internal set; }

    /// <summary>
    /// Whether a cmdlet that only reads found the cluster through the current Kubernetes context or the account of the
    /// pod. Cmdlets that change a cluster reject such a connection, and all objects that were read over it.
    /// </summary>
    public bool IsImplicit => ImplicitSource is not null;

    /// <summary>The outcome of the last defragmentation run over this connection; null before the first one.</summary>
    public EtcdDefragRun? LastRun => _lastRun;

    internal IEtcdCluster Cluster { get; }

    /// <summary>The source of the cluster if the user did not specify one; null if the user did.</summary>
    internal string? ImplicitSource { get; set; }

    /// <summary>
    /// The number of the connection in this process. The newer of two connections has the higher number.
    /// </summary>
    internal long Number { get; } = Interlocked.Increment(ref _made);

    internal void Learn(string clusterId) => _clusterId = clusterId;

    internal void Keep(EtcdDefragRun run) => _lastRun = run;

    /// <summary>The name of the cluster.</summary>
    public override string ToString() => ClusterName;
}

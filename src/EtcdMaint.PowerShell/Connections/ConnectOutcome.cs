using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Collects the outcome of each cluster of one Connect-EtcdCluster. It is thread-safe, because the cmdlet connects to
/// clusters in parallel. Invoke-EtcdMaintenance in the same pipeline reads it after Connect-EtcdCluster has ended.
/// </summary>
internal sealed class ConnectOutcome
{
    private readonly List<(string? Cluster, EtcdException Error)> _failures = [];

    private readonly List<UnreachableCluster> _clusters = [];

    private int _connected;

    private int _leftOut;

    /// <summary>The clusters to which no connection could be made, by name.</summary>
    public IReadOnlyList<UnreachableCluster> Unreachable
    {
        get
        {
            lock (_failures)
                return [.. _clusters.OrderBy(failed => failed.ClusterName, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>The shard to which the records belong; null if all records belong to it.</summary>
    public Shard? Shard { get; private set; }

    public void AddConnected() => Interlocked.Increment(ref _connected);

    /// <summary>Counts a record that belongs to another shard.</summary>
    public void LeaveOut(Shard shard)
    {
        _leftOut++;
        Shard = shard;
    }

    /// <param name="cluster">The cluster as the user specified it; null if the input specifies none.</param>
    /// <param name="failed">The cluster with the error that prevented the connection.</param>
    public void AddFailure(string? cluster, UnreachableCluster failed)
    {
        lock (_failures)
        {
            _failures.Add((cluster, failed.Error));
            _clusters.Add(failed);
        }
    }

    /// <summary>Adds a record that PowerShell rejected. PowerShell has already reported its error.</summary>
    public void AddRejected(string cluster, int? ring)
    {
        lock (_failures)
            _clusters.Add(
                new UnreachableCluster(cluster, InputErrors.RecordRejected(), DateTimeOffset.UtcNow, TimeSpan.Zero)
                {
                    Ring = ring,
                }
            );
    }

    /// <param name="expected">The number of records that arrived. It is higher if PowerShell tried to bind a record
    /// again.</param>
    /// <returns>Null if all clusters are connected.</returns>
    public FailedConnect? Judge(int expected)
    {
        if (_connected > 0 && _connected == expected - _leftOut)
            return null;
        if (_failures.Count == 0)
            return _connected > 0 ? FailedConnect.Incomplete
                : Shard is null ? FailedConnect.Unfinished
                : FailedConnect.NoneIn(Shard);
        (string? cluster, EtcdException error) = _failures[0];
        string which = cluster is null ? "" : $" for {cluster}";
        string others = _failures.Count > 1 ? $" and for {_failures.Count - 1} more" : "";
        return new FailedConnect($"failed{which}{others}: {error.Message.TrimEnd('.')}", error);
    }
}

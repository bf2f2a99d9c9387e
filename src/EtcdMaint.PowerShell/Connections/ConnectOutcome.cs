namespace EtcdMaint.Cmdlets;

/// <summary>
/// Collects what became of the clusters of one Connect-EtcdCluster. Clusters are connected to side by side.
/// </summary>
internal sealed class ConnectOutcome
{
    private readonly List<(string? Cluster, EtcdException Error)> _failures = [];

    private int _connected;

    public void AddConnected() => Interlocked.Increment(ref _connected);

    /// <param name="cluster">The cluster as the user specified it; null when the input specifies none.</param>
    /// <param name="error">Why there is no connection to it.</param>
    public void AddFailure(string? cluster, EtcdException error)
    {
        lock (_failures)
            _failures.Add((cluster, error));
    }

    /// <param name="expected">How many records arrived; more where PowerShell tried to bind one again.</param>
    /// <returns>Null when all of them are connected to.</returns>
    public FailedConnect? Judge(int expected)
    {
        if (_connected > 0 && _connected == expected)
            return null;
        if (_failures.Count == 0)
            return _connected == 0 ? FailedConnect.Unfinished : FailedConnect.Incomplete;
        (string? cluster, EtcdException error) = _failures[0];
        string which = cluster is null ? "" : $" for {cluster}";
        string others = _failures.Count > 1 ? $" and for {_failures.Count - 1} more" : "";
        return new FailedConnect($"failed{which}{others}: {error.Message.TrimEnd('.')}", error);
    }
}

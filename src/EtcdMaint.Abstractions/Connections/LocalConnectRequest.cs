namespace EtcdMaint;

/// <summary>
/// Connects by etcdctl on this machine, for the shell of a node. Certificates are files, because etcdctl reads them.
/// </summary>
internal sealed record LocalConnectRequest : ConnectRequest
{
    public required string EtcdctlPath { get; init; }

    /// <summary>The client URLs; empty for the URL of the etcd that runs on this machine.</summary>
    public IReadOnlyList<string> Endpoint { get; init; } = [];

    protected override string Target =>
        Endpoint.Count > 0 ? $"{EtcdctlPath} at {string.Join(", ", Endpoint)}" : EtcdctlPath;
}

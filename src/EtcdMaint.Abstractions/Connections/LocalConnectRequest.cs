namespace EtcdMaint;

/// <summary>
/// By an etcdctl of this machine, for a node's own shell. Certificates are files: etcdctl reads them itself.
/// </summary>
internal sealed record LocalConnectRequest : ConnectRequest
{
    public required string EtcdctlPath { get; init; }

    /// <summary>Client URLs; empty reads that of the etcd that runs on this machine.</summary>
    public IReadOnlyList<string> Endpoint { get; init; } = [];

    protected override string Target =>
        Endpoint.Count > 0 ? $"{EtcdctlPath} at {string.Join(", ", Endpoint)}" : EtcdctlPath;
}

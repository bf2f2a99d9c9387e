namespace EtcdMaint.TestCluster;

/// <summary>Where a member listens.</summary>
internal sealed record MemberAddresses(IReadOnlyList<string> ClientUrls, string PeerUrl)
{
    public static MemberAddresses Take(ClusterOptions options)
    {
        var scheme = options.Tls == Tls.None ? "http" : "https";
        return new(
            // In the order in which etcd lists them.
            [.. Enumerable.Range(0, options.ExtraClientUrl ? 2 : 1).Select(_ => $"{scheme}://127.0.0.1:{LoopbackPorts.Take()}").Order(StringComparer.Ordinal)],
            $"{scheme}://127.0.0.1:{LoopbackPorts.Take()}");
    }
}

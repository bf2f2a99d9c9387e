namespace EtcdMaint.TestCluster;

/// <summary>The addresses on which a member listens.</summary>
internal sealed record MemberAddresses(
    IReadOnlyList<string> ClientUrls,
    string PeerUrl,
    string HttpUrl,
    string? MetricsUrl
)
{
    /// <summary>The URL at which other members reach it; its own peer URL unless a proxy is in between.</summary>
    public string AdvertisedPeerUrl { get; init; } = PeerUrl;

    public static MemberAddresses Take(ClusterOptions options)
    {
        var scheme = options.Tls == TlsMode.None ? "http" : "https";
        string Free() => $"{scheme}://127.0.0.1:{LoopbackPorts.Take()}";

        // In the order in which etcd lists them.
        string[] clientUrls =
        [
            .. Enumerable.Range(0, options.ExtraClientUrl ? 2 : 1).Select(_ => Free()).Order(StringComparer.Ordinal),
        ];
        return new(
            clientUrls,
            Free(),
            options.HttpApart ? Free() : clientUrls[0],
            options.MetricsApart ? $"http://127.0.0.1:{LoopbackPorts.Take()}" : null
        );
    }
}

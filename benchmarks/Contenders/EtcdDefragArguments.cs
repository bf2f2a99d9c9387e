using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>The command line of etcd-defrag (github.com/ahrtr/etcd-defrag) for a cluster.</summary>
internal static class EtcdDefragArguments
{
    public static IReadOnlyList<string> For(EtcdCluster cluster, params string[] more) =>
    [
        "--endpoints", string.Join(',', cluster.ClientUrls), "--command-timeout", "60s",
        .. cluster.Certificates is { } certificates
            ? ["--cacert", certificates.Ca, "--cert", certificates.Client.Certificate, "--key", certificates.Client.Key]
            : Array.Empty<string>(),
        .. more,
    ];
}

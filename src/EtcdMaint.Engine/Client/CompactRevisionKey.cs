namespace EtcdMaint.Engine.Client;

/// <summary>
/// The key in which the Kubernetes API server records its compactions. Every five minutes, one of the API servers
/// writes the revision that it read at the tick before, and compacts to it. Source: kubernetes,
/// staging/src/k8s.io/apiserver/pkg/storage/etcd3/compact.go; observed on Kubernetes 1.36.
/// </summary>
internal static class CompactRevisionKey
{
    public const string Name = "compact_rev_key";
}

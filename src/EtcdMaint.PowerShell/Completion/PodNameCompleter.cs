namespace EtcdMaint.Cmdlets;

/// <summary>Completes the names of pods that run etcd.</summary>
public sealed class PodNameCompleter : KubernetesCompleter
{
    private protected override KubernetesKind Kind => KubernetesKind.Pod;
}

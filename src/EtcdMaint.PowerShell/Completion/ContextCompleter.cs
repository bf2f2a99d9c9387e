namespace EtcdMaint.Cmdlets;

/// <summary>Completes the contexts of the kubeconfig.</summary>
public sealed class ContextCompleter : KubernetesCompleter
{
    private protected override KubernetesKind Kind => KubernetesKind.Context;
}

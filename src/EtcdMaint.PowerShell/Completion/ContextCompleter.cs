namespace EtcdMaint.Cmdlets;

/// <summary>Completes contexts of the kubeconfig.</summary>
public sealed class ContextCompleter : KubernetesCompleter
{
    private protected override KubernetesKind Kind => KubernetesKind.Context;
}

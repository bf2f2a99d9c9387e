namespace EtcdMaint.Cmdlets;

/// <summary>Completes the namespaces of the cluster.</summary>
public sealed class NamespaceCompleter : KubernetesCompleter
{
    private protected override KubernetesKind Kind => KubernetesKind.Namespace;
}

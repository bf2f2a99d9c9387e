namespace EtcdMaint;

/// <summary>What the cmdlets know of the engine. The engine is loaded late, in a load context of its own.</summary>
internal interface IEtcdEngine
{
    /// <summary>
    /// The Kubernetes context that kubectl would use; null where kubectl would have nothing to go by.
    /// </summary>
    /// <param name="listedKubeConfigs">The files that <c>KUBECONFIG</c> lists, each a full path.</param>
    KubernetesContext? FindKubernetesContext(IReadOnlyList<string> listedKubeConfigs);

    /// <summary>
    /// Names that exist, for whoever types one. Nothing is asked for longer than the request's time for a call, and no
    /// program is run for it.
    /// </summary>
    Task<IReadOnlyList<string>> ListKubernetesNamesAsync(
        KubernetesKind kind,
        KubernetesConnectRequest request,
        CancellationToken cancellationToken
    );

    Task<EtcdConnection> ConnectAsync(
        ConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );
}

/// <summary>What has a name on the way to etcd's pods.</summary>
internal enum KubernetesKind
{
    /// <summary>The contexts of the kubeconfig.</summary>
    Context,

    /// <summary>All namespaces behind the context.</summary>
    Namespace,

    /// <summary>The pods that run etcd.</summary>
    Pod,
}

/// <summary>A context of kubectl's configuration.</summary>
/// <param name="Name">What kubectl calls it; contexts of two files may share it.</param>
/// <param name="Fingerprint">Differs for contexts that lead to different clusters. It holds no secret.</param>
internal sealed record KubernetesContext(string Name, string Fingerprint);

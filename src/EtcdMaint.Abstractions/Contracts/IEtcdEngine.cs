namespace EtcdMaint;

/// <summary>
/// The interface of the engine to the cmdlets. The engine is loaded on first use, in its own load context.
/// </summary>
internal interface IEtcdEngine
{
    /// <summary>The Kubernetes context that kubectl would use; null if kubectl would find no configuration.</summary>
    /// <param name="listedKubeConfigs">The full paths of the files that <c>KUBECONFIG</c> lists.</param>
    KubernetesContext? FindKubernetesContext(IReadOnlyList<string> listedKubeConfigs);

    /// <summary>
    /// Returns existing names for completion. It takes no longer than the call timeout of the request and runs no
    /// program.
    /// </summary>
    Task<IReadOnlyList<string>> ListKubernetesNamesAsync(
        KubernetesKind kind,
        KubernetesConnectRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>Reads a snapshot file, without a cluster.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The report. Damage is a finding.</returns>
    /// <exception cref="EtcdException">The file cannot be opened.</exception>
    Task<EtcdSnapshotReport> TestSnapshotAsync(string path, IRunObserver observer, CancellationToken cancellationToken);

    Task<EtcdConnection> ConnectAsync(
        ConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Tells what fills the database of a snapshot file: emits a row for each group of keys, the largest first. It
    /// works on the thread of the caller. After a cancellation, it emits what was read until then.
    /// </summary>
    void GetSnapshotUsage(SnapshotUsageRequest request, IRunObserver observer, CancellationToken cancellationToken);
}

/// <summary>The kinds of names that specify the pods of etcd.</summary>
internal enum KubernetesKind
{
    /// <summary>The contexts of the kubeconfig.</summary>
    Context,

    /// <summary>All namespaces of the cluster of the context.</summary>
    Namespace,

    /// <summary>The pods that run etcd.</summary>
    Pod,
}

/// <summary>A context of the kubectl configuration.</summary>
/// <param name="Name">The name in kubectl. Contexts of two files can share it.</param>
/// <param name="Fingerprint">A value that differs between contexts of different clusters. It contains no
/// secret.</param>
internal sealed record KubernetesContext(string Name, string Fingerprint);

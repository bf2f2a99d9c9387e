namespace EtcdMaint;

/// <summary>What the cmdlets know of the engine. The engine is loaded late, in a load context of its own.</summary>
internal interface IEtcdEngine
{
    /// <summary>The Kubernetes context that kubectl would use; null where kubectl would have nothing to go by.</summary>
    KubernetesContext? FindKubernetesContext();

    Task<EtcdConnection> ConnectAsync(ConnectRequest request, IRunObserver observer, CancellationToken stop);
}

/// <summary>A context of kubectl's configuration.</summary>
/// <param name="Name">What kubectl calls it; contexts of two files may share it.</param>
/// <param name="Fingerprint">Differs for contexts that lead to different clusters. It holds no secret.</param>
internal sealed record KubernetesContext(string Name, string Fingerprint);

namespace EtcdMaint;

/// <summary>What the cmdlets know of the engine. The engine is loaded late, in a load context of its own.</summary>
internal interface IEtcdEngine
{
    /// <summary>The Kubernetes context that kubectl would use; null where kubectl would have nothing to go by.</summary>
    string? FindKubernetesContext();

    Task<EtcdConnection> ConnectAsync(ConnectRequest request, IRunObserver observer, CancellationToken stop);
}

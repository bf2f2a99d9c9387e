namespace EtcdMaint;

/// <summary>What the cmdlets know of the engine. The engine is loaded late, in a load context of its own.</summary>
internal interface IEtcdEngine
{
    Task<EtcdConnection> ConnectAsync(ConnectRequest request, IRunObserver observer, CancellationToken stop);
}

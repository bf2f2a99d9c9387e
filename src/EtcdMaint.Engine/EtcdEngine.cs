using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Clusters.Endpoint;
using EtcdMaint.Engine.Clusters.Kubernetes;
using EtcdMaint.Engine.Clusters.Local;
using EtcdMaint.Engine.Clusters.Ssh;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine;

/// <summary>The engine's front door. The cmdlets make one by name, in the engine's own load context.</summary>
internal sealed class EtcdEngine : IEtcdEngine
{
    public KubernetesContext? FindKubernetesContext(IReadOnlyList<string> listedKubeConfigs) =>
        listedKubeConfigs.Count > 0 || KubernetesTraces.AreThere ? KubernetesEntry.FindContext(listedKubeConfigs) : null;

    public Task<IReadOnlyList<string>> ListKubernetesNamesAsync(KubernetesKind kind, KubernetesConnectRequest request, CancellationToken stop) =>
        KubernetesNames.ListAsync(kind, request, stop);

    public async Task<EtcdConnection> ConnectAsync(ConnectRequest request, IRunObserver observer, CancellationToken stop)
    {
        if (request is KubernetesConnectRequest or EndpointConnectRequest { Tls.IsEmpty: false })
            SystemTrust.ReadAhead();
        FoundCluster found = await FindAsync(request, observer, stop).ConfigureAwait(false);
        var cluster = new EtcdCluster(found, request.QuotaBytes, TimeProvider.System);
        try
        {
            if (!request.NoVerify)
                await cluster.VerifyAsync(new CallLimit(request.CallTimeout, stop)).ConfigureAwait(false);
            return cluster.Connection;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<FoundCluster> FindAsync(ConnectRequest request, IRunObserver observer, CancellationToken stop) => request switch
    {
        EndpointConnectRequest endpoint => await EndpointEntry.OpenAsync(endpoint, observer, stop).ConfigureAwait(false),
        KubernetesConnectRequest kubernetes => await KubernetesEntry.OpenAsync(kubernetes, observer, stop).ConfigureAwait(false),
        SshConnectRequest ssh => SshEntry.Open(ssh, observer),
        LocalConnectRequest local => await LocalEntry.OpenAsync(local, observer, stop).ConfigureAwait(false),
        _ => throw new InvalidOperationException($"No connector is known for {request.GetType().Name}."),
    };
}

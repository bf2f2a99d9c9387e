using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Clusters;
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
        EtcdCluster? cluster = null;
        try
        {
            EtcdConnection connection;
            (connection, cluster) = request switch
            {
                EndpointConnectRequest endpoint => await OpenAsync(endpoint, observer, stop).ConfigureAwait(false),
                KubernetesConnectRequest kubernetes => await KubernetesEntry.OpenAsync(kubernetes, observer, stop).ConfigureAwait(false),
                SshConnectRequest ssh => SshEntry.Open(ssh, observer),
                LocalConnectRequest local => await LocalEntry.OpenAsync(local, observer, stop).ConfigureAwait(false),
                _ => throw new InvalidOperationException($"No way in is known for {request.GetType().Name}."),
            };
            cluster.Attach(connection);
            if (!request.NoVerify)
                await cluster.VerifyAsync(new CallLimit(request.CallTimeout, stop)).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            if (cluster is not null)
                await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<(EtcdConnection, EtcdCluster)> OpenAsync(EndpointConnectRequest request, IRunObserver observer, CancellationToken stop)
    {
        IReadOnlyList<EtcdEndpoint> endpoints = await EndpointList.ReadAsync(request, stop).ConfigureAwait(false);
        ClearText.Warn(endpoints, request, observer);
        Login? login = Login.Of(request, observer);
        var access = new EndpointAccess(endpoints, !request.NoDiscovery, TlsLoader.Load(request.Tls), login, new TcpDialer());
        var cluster = new EtcdCluster(access, request.QuotaBytes, TimeProvider.System);
        var connection = new EtcdConnection(
            request.ClusterName ?? endpoints[0].Host,
            EtcdAccess.Endpoint,
            [.. endpoints.Select(e => e.ToString())],
            request.UserName,
            cluster);
        return (connection, cluster);
    }
}

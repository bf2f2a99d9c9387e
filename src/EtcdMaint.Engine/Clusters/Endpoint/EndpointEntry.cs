using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Endpoint;

/// <summary>Connects to the client endpoints that were given or that SRV records name.</summary>
internal static class EndpointEntry
{
    public static async Task<FoundCluster> OpenAsync(EndpointConnectRequest request, IRunObserver observer, CancellationToken stop)
    {
        IReadOnlyList<EtcdEndpoint> endpoints = await EndpointList.ReadAsync(request, stop).ConfigureAwait(false);
        ClearText.Warn(endpoints, request, observer);
        Login? login = Login.Of(request, observer);
        return new FoundCluster(
            request.ClusterName ?? endpoints[0].Host,
            EtcdAccess.Endpoint,
            [.. endpoints.Select(e => e.ToString())],
            request.UserName,
            new EndpointAccess(endpoints, !request.NoDiscovery, TlsLoader.Load(request.Tls), login, new TcpDialer()));
    }
}

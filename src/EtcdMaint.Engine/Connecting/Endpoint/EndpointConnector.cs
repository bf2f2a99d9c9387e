using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Endpoint;

/// <summary>Connects to the client endpoints that the user specified or that SRV records contain.</summary>
internal static class EndpointConnector
{
    public static async Task<FoundCluster> OpenAsync(
        EndpointConnectRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<EtcdEndpoint> endpoints = await EndpointList
            .ReadAsync(request, cancellationToken)
            .ConfigureAwait(false);
        ClearTextWarning.Warn(endpoints, request, observer);
        Login? login = Login.Of(request, observer);
        return new FoundCluster(
            request.ClusterName ?? endpoints[0].Host,
            EtcdAccess.Endpoint,
            [.. endpoints.Select(e => e.ToString())],
            request.UserName,
            new EndpointMemberSource(
                endpoints,
                !request.NoDiscovery,
                TlsLoader.Load(request.Tls),
                login,
                new TcpDialer()
            )
        );
    }
}

using EtcdMaint.Engine.Transport.Tcp;

namespace EtcdMaint.Engine.Transport;

/// <summary>Reads the endpoints that the user specified for <c>Connect-EtcdCluster</c>.</summary>
internal static class EndpointList
{
    public static async Task<IReadOnlyList<EtcdEndpoint>> ReadAsync(
        EndpointConnectRequest request,
        CancellationToken cancellationToken
    )
    {
        string[] texts =
        [
            .. request.Endpoint.SelectMany(e =>
                e.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ),
        ];
        bool isTls = !request.Tls.IsEmpty;
        List<EtcdEndpoint> endpoints = [.. texts.Select(t => EtcdEndpoint.Parse(t, isTls))];
        if (request.DiscoverySrv is { } domain)
        {
            var records = new SrvRecords(domain, request.DiscoverySrvName);
            endpoints.AddRange(await records.LookUpAsync(isTls, cancellationToken).ConfigureAwait(false));
        }
        return endpoints.Count > 0
            ? [.. endpoints.Distinct()]
            : throw new EtcdException(
                ErrorIds.NoEndpointGiven,
                EtcdErrorCategory.InvalidArgument,
                "No endpoint was specified.",
                "Specify one with -Endpoint, for example https://10.0.0.1:2379.",
                request.ClusterName
            );
    }
}

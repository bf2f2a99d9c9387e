using DnsClient;
using DnsClient.Protocol;

namespace EtcdMaint.Engine.Transports;

/// <summary>
/// Endpoints from DNS: <c>_etcd-client-ssl._tcp</c> (https) and <c>_etcd-client._tcp</c> (http) of a domain, as etcdctl
/// reads them. Source: etcd-io/etcd, client/pkg/srv/srv.go.
/// </summary>
internal static class SrvRecords
{
    public static async Task<IReadOnlyList<EtcdEndpoint>> LookUpAsync(string domain, bool mustBeTls, CancellationToken stop)
    {
        var endpoints = new List<EtcdEndpoint>();
        try
        {
            var dns = new LookupClient();
            endpoints.AddRange(await LookUpAsync(dns, $"_etcd-client-ssl._tcp.{domain}", isTls: true, stop).ConfigureAwait(false));
            if (!mustBeTls)
                endpoints.AddRange(await LookUpAsync(dns, $"_etcd-client._tcp.{domain}", isTls: false, stop).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is DnsResponseException or ArgumentException or InvalidOperationException)
        {
            throw NotFound(domain, cause);
        }
        return endpoints.Count > 0 ? endpoints : throw NotFound(domain, null);
    }

    private static async Task<IEnumerable<EtcdEndpoint>> LookUpAsync(LookupClient dns, string name, bool isTls, CancellationToken stop)
    {
        IDnsQueryResponse response = await dns.QueryAsync(name, QueryType.SRV, cancellationToken: stop).ConfigureAwait(false);
        return response.Answers
            .SrvRecords()
            .OrderBy(r => r.Priority)
            .Select(r => new EtcdEndpoint(isTls, r.Target.Value.TrimEnd('.'), r.Port));
    }

    private static EtcdException NotFound(string domain, Exception? cause) => new(
        "DiscoveryFailed",
        EtcdErrorCategory.ObjectNotFound,
        $"DNS has no etcd client endpoints for {domain}.",
        $"Check the SRV records _etcd-client-ssl._tcp.{domain} and _etcd-client._tcp.{domain}, or use -Endpoint.",
        domain,
        cause);
}

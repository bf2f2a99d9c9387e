using DnsClient;
using DnsClient.Protocol;

namespace EtcdMaint.Engine.Transport.Tcp;

/// <summary>
/// Reads endpoints from DNS as etcdctl does: <c>_etcd-client-ssl._tcp</c> (https) and <c>_etcd-client._tcp</c> (http)
/// of a domain. Source: etcd-io/etcd, client/pkg/srv/srv.go.
/// </summary>
/// <param name="domain">The domain of the records.</param>
/// <param name="name">The part after <c>_etcd-client-ssl-</c> and <c>_etcd-client-</c> if a domain has several
/// clusters, or null.</param>
internal sealed class SrvRecords(string domain, string? name)
{
    /// <summary>The record of the endpoints with TLS.</summary>
    public string SecureName { get; } = FullName("_etcd-client-ssl", domain, name);

    /// <summary>The record of the endpoints without TLS.</summary>
    public string PlainName { get; } = FullName("_etcd-client", domain, name);

    public async Task<IReadOnlyList<EtcdEndpoint>> LookUpAsync(bool mustBeTls, CancellationToken cancellationToken)
    {
        var endpoints = new List<EtcdEndpoint>();
        try
        {
            var dns = new LookupClient();
            endpoints.AddRange(
                await LookUpAsync(dns, SecureName, isTls: true, cancellationToken).ConfigureAwait(false)
            );
            if (!mustBeTls)
                endpoints.AddRange(
                    await LookUpAsync(dns, PlainName, isTls: false, cancellationToken).ConfigureAwait(false)
                );
        }
        catch (Exception cause) when (cause is DnsResponseException or ArgumentException or InvalidOperationException)
        {
            throw NotFound(cause);
        }
        return endpoints.Count > 0 ? endpoints : throw NotFound(null);
    }

    private static async Task<IEnumerable<EtcdEndpoint>> LookUpAsync(
        LookupClient dns,
        string name,
        bool isTls,
        CancellationToken cancellationToken
    )
    {
        IDnsQueryResponse response = await dns.QueryAsync(name, QueryType.SRV, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return response
            .Answers.SrvRecords()
            .OrderBy(r => r.Priority)
            .Select(r => new EtcdEndpoint(isTls, r.Target.Value.TrimEnd('.'), r.Port));
    }

    private static string FullName(string service, string domain, string? name) =>
        $"{service}{(name is null ? "" : $"-{name}")}._tcp.{domain}";

    private EtcdException NotFound(Exception? cause) =>
        new(
            ErrorIds.DiscoveryFailed,
            EtcdErrorCategory.ObjectNotFound,
            $"DNS has no etcd client endpoints for {domain}.",
            $"Check the SRV records {SecureName} and {PlainName}, or use -Endpoint.",
            domain,
            cause
        );
}

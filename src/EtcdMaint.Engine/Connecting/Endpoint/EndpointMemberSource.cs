using System.Collections.Concurrent;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Endpoint;

/// <summary>
/// Reaches members directly at client endpoints: first the specified ones, then the advertised ones. It disposes the
/// TLS settings and the login.
/// </summary>
internal sealed class EndpointMemberSource(
    IReadOnlyList<EtcdEndpoint> given,
    bool mayDiscover,
    TlsSettings tls,
    Login? login,
    IDialer dialer
) : IMemberSource
{
    private readonly AdvertisedEndpoints _advertised = new(given, login is not null);
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new(concurrencyLevel: 1, capacity: 3);

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(Open)]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) =>
        mayDiscover ? [.. _advertised.Choose(member).Select(Open)] : [];

    public string? WhyNotTried(MemberEntry member) => mayDiscover ? _advertised.WhyNotTried(member) : null;

    public void CloseStreams()
    {
        foreach (IMemberClient client in _clients.Values)
            client.CloseStreams();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in _clients.Values)
            await client.DisposeAsync().ConfigureAwait(false);
        login?.Dispose();
        tls.Dispose();
    }

    private IMemberClient Open(EtcdEndpoint endpoint) =>
        _clients.GetOrAdd(endpoint, e => new GrpcMemberClient(new MemberAddress(e.ToString()), e, dialer, tls, login));
}

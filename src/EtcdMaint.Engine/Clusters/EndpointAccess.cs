using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters;

/// <summary>Straight to client endpoints: the given ones first, then what members advertise.</summary>
internal sealed class EndpointAccess(
    IReadOnlyList<EtcdEndpoint> given, bool mayDiscover, TlsSettings tls, Login? login, IDialer dialer) : IMemberAccess
{
    private readonly AdvertisedEndpoints _advertised = new(given, login is not null);
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new();

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallLimit limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(Open)]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) =>
        mayDiscover ? [.. _advertised.Choose(member).Select(Open)] : [];

    public string? WhyNotTried(MemberEntry member) => mayDiscover ? _advertised.WhyNotTried(member) : null;

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in _clients.Values)
            await client.DisposeAsync().ConfigureAwait(false);
        login?.Dispose();
    }

    private IMemberClient Open(EtcdEndpoint endpoint) => _clients.GetOrAdd(
        endpoint, e => new GrpcMemberClient(new MemberPlace(e.ToString()), e, dialer, tls, login));
}

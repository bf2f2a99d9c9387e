using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters;

/// <summary>Straight to client endpoints: the given ones first, then what members advertise.</summary>
internal sealed class EndpointAccess(
    IReadOnlyList<EtcdEndpoint> given, bool mayDiscover, TlsSettings tls, Login? login, IDialer dialer) : IMemberAccess
{
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new();

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallLimit limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(Open)]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => !mayDiscover
        ? []
        : [.. member.ClientUrls
            .Select(EtcdEndpoint.TryParse)
            .OfType<EtcdEndpoint>()
            .Where(IsAllowed)
            .Except(given)
            .Select(Open)];

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in _clients.Values)
            await client.DisposeAsync().ConfigureAwait(false);
        login?.Dispose();
    }

    /// <summary>
    /// Advertised loopback addresses mean this machine only when a given one does, and a cluster that was given over
    /// TLS is never talked to without: the token or password would go in clear.
    /// </summary>
    private bool IsAllowed(EtcdEndpoint advertised) =>
        (!advertised.IsLoopback || given.Any(g => g.IsLoopback)) && (advertised.IsTls || given.Any(g => !g.IsTls));

    private IMemberClient Open(EtcdEndpoint endpoint) => _clients.GetOrAdd(
        endpoint, e => new GrpcMemberClient(new MemberPlace(e.ToString()), e, dialer, tls, login));
}

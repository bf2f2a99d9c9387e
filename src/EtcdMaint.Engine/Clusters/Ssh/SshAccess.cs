using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Grpc;
using EtcdMaint.Engine.Transports.Ssh;

namespace EtcdMaint.Engine.Clusters.Ssh;

/// <summary>The members on the nodes that ssh leads to. What members advertise says nothing about how ssh gets there.</summary>
internal sealed class SshAccess(
    IReadOnlyList<IMemberClient> clients, IReadOnlyList<SshConnection> connections, ControlSockets? sockets, Login? login, bool runsPrograms) : IMemberAccess
{
    public bool RunsPrograms { get; } = runsPrograms;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallLimit limit) => Task.FromResult(clients);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in clients)
            await client.DisposeAsync().ConfigureAwait(false);
        foreach (SshConnection connection in connections)
            await connection.DisposeAsync().ConfigureAwait(false);
        sockets?.Dispose();
        login?.Dispose();
    }
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Connecting.Ssh;

/// <summary>
/// Reaches the members on the nodes of ssh. The URLs that members advertise do not show how ssh reaches them.
/// </summary>
internal sealed class SshMemberSource(
    IReadOnlyList<IMemberClient> clients,
    IReadOnlyList<SshNode> nodes,
    IReadOnlyList<SshConnection> connections,
    ControlSockets? sockets,
    Login? login,
    TlsSettings? tls,
    bool runsPrograms
) : IMemberSource
{
    public bool RunsPrograms { get; } = runsPrograms;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) => Task.FromResult(clients);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

    public async Task<MemberSettings?> ReadSettingsAsync(IMemberClient client, CallBudget limit)
    {
        int index = clients.ToList().IndexOf(client);
        return index < 0 ? null : await nodes[index].ReadSettingsAsync(limit).ConfigureAwait(false);
    }

    public void CloseStreams()
    {
        foreach (IMemberClient client in clients)
            client.CloseStreams();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IMemberClient client in clients)
            await client.DisposeAsync().ConfigureAwait(false);
        foreach (SshConnection connection in connections)
            await connection.DisposeAsync().ConfigureAwait(false);
        sockets?.Dispose();
        login?.Dispose();
        tls?.Dispose();
    }
}

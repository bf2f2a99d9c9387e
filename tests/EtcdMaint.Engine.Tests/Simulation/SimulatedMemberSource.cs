using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>Direct access to each member of a simulated cluster.</summary>
internal sealed class SimulatedMemberSource(SimulatedCluster cluster) : IMemberSource
{
    private readonly Dictionary<ulong, SimulatedClient> _clients = cluster.Members.ToDictionary(
        m => m.Id,
        m => new SimulatedClient(cluster, m)
    );

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit)
    {
        cluster.LastLook = cluster.Time.Now;
        return Task.FromResult<IReadOnlyList<IMemberClient>>([.. _clients.Values]);
    }

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

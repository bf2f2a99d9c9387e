using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>
/// Places that a test arranges freely: several for one member, unreachable ones, some only advertised.
/// </summary>
internal sealed class DiscoveryMemberSource(params IMemberClient[] given) : IMemberSource
{
    /// <summary>Further places at which a member may be tried.</summary>
    public Func<MemberEntry, IMemberClient[]> Candidates { get; init; } = _ => [];

    public bool RunsPrograms { get; init; }

    public bool RunsProgramsHere { get; init; } = true;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>(given);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => Candidates(member);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The places of a simulated cluster's members, by number.</summary>
    public static IMemberClient[] Places(SimulatedCluster etcd, params int[] members) =>
        [.. members.Select(m => new SimulatedClient(etcd, etcd.Members[m]))];
}

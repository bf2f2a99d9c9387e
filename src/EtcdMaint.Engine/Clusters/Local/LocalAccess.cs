using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Etcdctl;
using EtcdMaint.Engine.Clusters.Nodes;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Local;

/// <summary>By an etcdctl of this machine: the given endpoints first, then what members advertise.</summary>
internal sealed class LocalAccess(
    IReadOnlyList<EtcdEndpoint> given, EtcdctlSettings settings, ICommandRunner runner, EtcdProcess? here) : IMemberAccess
{
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new();

    public bool RunsPrograms => true;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallLimit limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(e => Open(e, here))]);

    /// <summary>A password never goes in clear because a member advertises http.</summary>
    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) =>
        [.. member.ClientUrls
            .Select(EtcdEndpoint.TryParse)
            .OfType<EtcdEndpoint>()
            .Where(e => e.IsTls || given.Any(g => !g.IsTls))
            .Except(given)
            .Select(e => Open(e, null))];

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    private IMemberClient Open(EtcdEndpoint endpoint, EtcdProcess? process) => _clients.GetOrAdd(
        endpoint,
        e => new EtcdctlMemberClient(
            new MemberPlace(e.ToString()) { QuotaBytes = process?.QuotaBytes },
            settings with { Endpoint = e },
            runner,
            process is null ? null : new NodeDisk(runner, process)));
}

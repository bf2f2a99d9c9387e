using System.Collections.Concurrent;
using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clients.Etcdctl;
using EtcdMaint.Engine.Clusters.Nodes;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clusters.Local;

/// <summary>By an etcdctl of this machine: the given endpoints first, then what members advertise.</summary>
internal sealed class LocalAccess(
    IReadOnlyList<EtcdEndpoint> given, bool hasPassword, EtcdctlSettings settings, ICommandRunner runner, EtcdProcess? here) : IMemberAccess
{
    private readonly AdvertisedEndpoints _advertised = new(given, hasPassword);
    private readonly ConcurrentDictionary<EtcdEndpoint, IMemberClient> _clients = new();

    public bool RunsPrograms => true;

    public Task<IReadOnlyList<IMemberClient>> GetClientsAsync(CallLimit limit) =>
        Task.FromResult<IReadOnlyList<IMemberClient>>([.. given.Select(e => Open(e, here))]);

    public IReadOnlyList<IMemberClient> GetCandidates(MemberEntry member) => [.. _advertised.Choose(member).Select(e => Open(e, null))];

    public string? WhyNotTried(MemberEntry member) => _advertised.WhyNotTried(member);

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    private IMemberClient Open(EtcdEndpoint endpoint, EtcdProcess? process) => _clients.GetOrAdd(
        endpoint,
        e => new EtcdctlMemberClient(
            new MemberPlace(e.ToString()) { QuotaBytes = process?.QuotaBytes },
            settings with { Endpoint = e },
            runner,
            process is null ? null : new NodeDisk(runner, process)));
}

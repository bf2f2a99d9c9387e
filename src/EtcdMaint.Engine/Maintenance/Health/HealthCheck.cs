using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Clusters;
using EtcdMaint.Engine.Maintenance.Gates;

namespace EtcdMaint.Engine.Maintenance.Health;

/// <summary>Looks at everything that maintenance depends on, and at what will become trouble, without changing anything.</summary>
internal sealed class HealthCheck(ClusterContext context, EtcdConnection connection)
{
    public async Task<EtcdHealthReport> RunAsync(CallLimit limit)
    {
        DateTimeOffset checkedAt = context.Time.GetUtcNow();
        try
        {
            ClusterState state = await ClusterState.ReadAsync(context, limit).ConfigureAwait(false);
            return Report(checkedAt, state, await FindAllAsync(state, limit).ConfigureAwait(false));
        }
        catch (EtcdException failed)
        {
            return Report(checkedAt, null, [Findings.Of(failed)]);
        }
    }

    private async Task<IEnumerable<EtcdFinding>> FindAllAsync(ClusterState state, CallLimit limit)
    {
        long? compacted = await ReadCompactedAsync(state, limit).ConfigureAwait(false);
        Task<IReadOnlyList<EtcdFinding>> hashes = new HashComparison(state, compacted).FindAsync(limit);
        Task<IReadOnlyList<EtcdFinding>> certificates = new CertificateCheck(state, context.Time).FindAsync(limit);
        return ClusterGate.FindAll(state).Select(Findings.Of)
            .Concat(SpaceCheck.Find(state, compacted))
            .Concat(MemberCheck.Find(state))
            .Concat(await hashes.ConfigureAwait(false))
            .Concat(await certificates.ConfigureAwait(false));
    }

    private static async Task<long?> ReadCompactedAsync(ClusterState state, CallLimit limit)
    {
        try
        {
            return await ClusterContext.AskAnyVoterAsync(state.Roster, c => c.ReadCompactedRevisionAsync(limit)).ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    private EtcdHealthReport Report(DateTimeOffset checkedAt, ClusterState? state, IEnumerable<EtcdFinding> findings)
    {
        var records = new PublicRecords(connection);
        return new EtcdHealthReport
        {
            ClusterName = connection.ClusterName,
            ClusterId = connection.ClusterId ?? "",
            Finding = [.. findings.OrderByDescending(f => f.Severity)],
            MemberStatus = [.. state?.Readings.Select(r => records.Status(records.Member(state.Roster, r.Member), r)) ?? []],
            CheckedAt = checkedAt,
        };
    }
}

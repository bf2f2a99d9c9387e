using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Compaction;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Checks everything on which maintenance depends, and conditions that will cause problems, without changing anything.
/// </summary>
internal sealed class HealthCheck(ClusterContext context, EtcdConnection connection)
{
    public async Task<EtcdHealthReport> RunAsync(CallBudget limit) =>
        (await ReadAsync(limit).ConfigureAwait(false)).Report;

    /// <summary>Does the same for a check that needs what was read.</summary>
    public async Task<HealthReading> ReadAsync(CallBudget limit)
    {
        DateTimeOffset checkedAt = context.Time.GetUtcNow();
        try
        {
            ClusterState state = await ClusterState.ReadAsync(context, limit).ConfigureAwait(false);

            // Report the permission error instead of an empty result.
            if (state.LoginFailure is { } denied)
                return new(Report(checkedAt, state, [Findings.Of(denied)], HashVerdict.None, null, null), state, []);
            return await LookAsync(checkedAt, state, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            return new(Report(checkedAt, null, [Findings.Of(failed)], HashVerdict.None, null, null), null, []);
        }
    }

    private async Task<HealthReading> LookAsync(DateTimeOffset checkedAt, ClusterState state, CallBudget limit)
    {
        long? compacted = await ReadCompactedAsync(state, limit).ConfigureAwait(false);
        Task<HashVerdict> comparing = new HashComparison(state, compacted, connection.ClusterName).CompareAsync(limit);
        Task<DiskSpace[]> reading = DiskCheck.ReadAsync(state, limit.Stop);
        IReadOnlyList<EtcdFinding> certificates = await new CertificateCheck(state, context.Time)
            .FindAsync(limit)
            .ConfigureAwait(false);
        ClusterHistory? history = await ReadHistoryAsync(state, compacted, limit).ConfigureAwait(false);
        HashVerdict hashes = await comparing.ConfigureAwait(false);
        DiskSpace[] disks = await reading.ConfigureAwait(false);
        EtcdFinding[] findings =
        [
            .. ClusterGates.FindAll(state).Select(Findings.Of),
            .. SpaceCheck.Find(state, compacted),
            .. HistoryCheck.Find(history),
            .. MemberCheck.Find(state),
            .. DiskCheck.Find(state, disks),
            .. hashes.Findings,
            .. certificates,
        ];
        IReadOnlyList<EtcdSpaceUsage> largest = MayReadKeys(findings)
            ? await new LargestResources(context, connection).ReadAsync(state, limit).ConfigureAwait(false)
            : [];
        EtcdFinding[] named = [.. SpaceCheck.Name(largest, findings)];
        return new(Report(checkedAt, state, named, hashes, history, compacted, largest), state, disks);
    }

    /// <summary>
    /// Whether to read what fills the database: only if it is a problem. While another client works on a member, the
    /// runbook repeats the check until that ends, and the members are not read so often.
    /// </summary>
    private static bool MayReadKeys(EtcdFinding[] findings) =>
        Array.Exists(findings, SpaceCheck.IsAboutSpace)
        && !Array.Exists(findings, f => f.Wait is GateWait.UntilWorkEnds);

    /// <summary>
    /// Returns null if the cluster serves no reads, which is a finding of its own. What is known remains if a further
    /// call fails.
    /// </summary>
    private async Task<ClusterHistory?> ReadHistoryAsync(ClusterState state, long? compacted, CallBudget limit)
    {
        if (state.CompactRevision is not { } newest)
            return null;
        ClusterHistory history = HistoryReader.Of(newest, state.ReadAt) with { Compacted = compacted };
        try
        {
            return await new HistoryReader(context)
                .CompleteAsync(state.ClusterMembership, history, limit)
                .ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            return history;
        }
    }

    private static async Task<long?> ReadCompactedAsync(ClusterState state, CallBudget limit)
    {
        try
        {
            return await ClusterContext
                .AskAnyVoterAsync(state.ClusterMembership, c => c.ReadCompactedRevisionAsync(limit))
                .ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            return null;
        }
    }

    private EtcdHealthReport Report(
        DateTimeOffset checkedAt,
        ClusterState? state,
        IEnumerable<EtcdFinding> findings,
        HashVerdict hashes,
        ClusterHistory? history,
        long? compacted,
        IReadOnlyList<EtcdSpaceUsage>? largest = null
    )
    {
        var records = new RecordMapper(connection);
        string clusterId = state is null ? connection.ClusterId ?? "" : HexId.Format(state.ClusterMembership.ClusterId);
        return new EtcdHealthReport
        {
            ClusterName = connection.ClusterName,
            ClusterId = clusterId,
            Finding =
            [
                .. findings
                    .OrderByDescending(f => f.Severity)
                    .Select(f => f with { ClusterName = connection.ClusterName, ClusterId = clusterId }),
            ],
            MemberStatus =
            [
                .. state?.Readings.Select(r =>
                    RecordMapper.Status(records.Member(state.ClusterMembership, r.Member), r)
                )
                    ?? [],
            ],
            Hash = hashes.Hashes,
            LargestResource = [.. largest ?? []],
            CompactedRevision = compacted,
            History = history,
            CheckedAt = checkedAt,
        };
    }
}

/// <summary>The result of a health check, with what it was made from.</summary>
/// <param name="State">The state of the cluster; null if the cluster was not reached.</param>
/// <param name="Disks">The free disk space of the voters that answered.</param>
internal sealed record HealthReading(EtcdHealthReport Report, ClusterState? State, IReadOnlyList<DiskSpace> Disks);

using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Snapshot;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks whether the next member can be upgraded to a release, without changing anything. A point that was not checked
/// never counts as passed.
/// </summary>
internal sealed class UpgradeCheck(
    ClusterContext context,
    EtcdConnection connection,
    UpgradeCheckRequest request,
    IRunObserver observer
)
{
    /// <summary>Findings of the health check that this check judges itself, or that the upgrade remedies.</summary>
    private static readonly HashSet<string> Judged =
    [
        ErrorIds.HashNotCompared,
        ErrorIds.MixedVersions,
        ErrorIds.QuotaUnknown,
        nameof(GateId.DiskSpaceUnknown),
        nameof(GateId.VersionHazard),
    ];

    /// <exception cref="EtcdException">The snapshot file cannot be opened.</exception>
    public async Task<EtcdUpgradeReport> RunAsync(CallBudget limit)
    {
        DateTimeOffset checkedAt = context.Time.GetUtcNow();
        using ScannedSnapshot? file = request.SnapshotPath is { } path
            ? await ScannedSnapshot.ReadAsync(path, observer, limit.Stop).ConfigureAwait(false)
            : null;

        // The comparison can take minutes, and the state must be current.
        EtcdSnapshotReport? snapshot = file is null
            ? null
            : await new SnapshotComparison(context, connection, file, observer)
                .CompareAsync(file.ToReport(checkedAt), limit)
                .ConfigureAwait(false);
        HealthReading health = await new HealthCheck(context, connection).ReadAsync(limit).ConfigureAwait(false);
        EtcdFinding[] fromHealth = [.. FromHealth(health.Report.Finding)];
        if (health.State is not { LoginFailure: null, Readings.Count: > 0 } state)
            return Report(checkedAt, health, null, fromHealth, snapshot);

        var shared = new UpgradeContext(request.To, context, state, limit)
        {
            UserName = connection.UserName,
            Snapshot = snapshot,
            StoredContent = ContentOf(file, snapshot),
        };
        EtcdFinding[] known = [.. fromHealth, .. VersionCheck.FindUnread(shared)];
        if (shared.Members.Count == 0)
            return Report(checkedAt, health, null, known, snapshot);
        IReadOnlyList<EtcdFinding> found = await FindAsync(shared, health, checkedAt).ConfigureAwait(false);
        return Report(checkedAt, health, shared, [.. known, .. found], snapshot);
    }

    /// <summary>
    /// The errors and warnings of the health check. A disk without room for a second copy is an error here, because a
    /// member that falls behind during the upgrade receives one.
    /// </summary>
    internal static IEnumerable<EtcdFinding> FromHealth(IEnumerable<EtcdFinding> findings) =>
        findings
            .Where(f => f.Severity is not Information && !Judged.Contains(f.FindingId))
            .Select(f =>
                f.FindingId == nameof(GateId.DiskTooFull)
                    ? f with
                    {
                        Severity = Error,
                        Message = $"{f.Message} A member that falls behind during the upgrade needs as much.",
                    }
                    : f
            );

    private async Task<IReadOnlyList<EtcdFinding>> FindAsync(
        UpgradeContext shared,
        HealthReading health,
        DateTimeOffset now
    )
    {
        // The hash is read last, because a member answers no other request while it computes one.
        IReadOnlyList<EtcdFinding>[] read = await Task.WhenAll(
                MemberListCheck.FindAsync(shared),
                FlagCheck.FindAsync(shared),
                DowngradeCheck.FindAsync(shared),
                AuthCheck.FindAsync(shared)
            )
            .ConfigureAwait(false);
        EtcdFinding? notCompared = health.Report.Finding.FirstOrDefault(f => f.FindingId == ErrorIds.HashNotCompared);
        IReadOnlyList<EtcdFinding> hashes = await HashCheck.FindAsync(shared, notCompared).ConfigureAwait(false);
        return
        [
            .. VersionCheck.Find(shared),
            .. KnownBugCheck.Find(shared),
            .. MemberStoreCheck.Find(shared),
            .. V2StoreCheck.Find(shared),
            .. read.SelectMany(f => f),
            .. hashes,
            .. shared.IsDone ? [] : FindUnseenDisks(health.Disks),
            .. shared.IsDone ? [] : FindUnknownQuotas(shared.State),
            .. shared.IsDone ? [] : SnapshotCheck.Find(shared.Snapshot, WrittenAt(), now, request.MaximumSnapshotAge),
        ];
    }

    private static IEnumerable<EtcdFinding> FindUnseenDisks(IReadOnlyList<DiskSpace> disks)
    {
        string[] unseen = [.. disks.Where(d => d.FreeBytes is null).Select(d => d.Reading.Member.ToString())];
        if (unseen.Length > 0)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Disk,
                $"this access does not show it for {string.Join(", ", unseen)}",
                "Use an access that can read the disk: ssh, an etcdctl on the member's own machine, or -Access Exec "
                    + "with an image that contains df. A member that falls behind receives a second copy of the "
                    + "database."
            );
    }

    internal static IEnumerable<EtcdFinding> FindUnknownQuotas(ClusterState state)
    {
        string[] unknown =
        [
            .. state.Readings.Where(r => r is { Status: not null, QuotaBytes: null }).Select(r => r.Member.ToString()),
        ];
        if (unknown.Length > 0)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Quota,
                $"the quota of {string.Join(", ", unknown)} is unknown",
                "Specify the quota with Connect-EtcdCluster -QuotaBytes."
            );
    }

    private DateTimeOffset WrittenAt() =>
        request.SnapshotPath is { } path ? new DateTimeOffset(File.GetLastWriteTimeUtc(path)) : default;

    /// <summary>A file that is damaged or belongs to another cluster says nothing about this one.</summary>
    private static SnapshotContent? ContentOf(ScannedSnapshot? file, EtcdSnapshotReport? report) =>
        report is { IsValid: true } && report.Finding.All(f => f.FindingId != ErrorIds.SnapshotForeign)
            ? file?.Scan.Content
            : null;

    private EtcdUpgradeReport Report(
        DateTimeOffset checkedAt,
        HealthReading health,
        UpgradeContext? shared,
        IEnumerable<EtcdFinding> findings,
        EtcdSnapshotReport? snapshot
    )
    {
        EtcdFinding[] judged = [.. findings.Select(Accept).OrderByDescending(f => f.Severity)];
        return new EtcdUpgradeReport
        {
            ClusterName = health.Report.ClusterName,
            ClusterId = health.Report.ClusterId,
            IsDone = shared is { IsDone: true },
            From = shared?.Lowest.ToString(),
            To = request.To.ToString(),
            Order = shared is null ? [] : [.. UpgradeOrdering.Order(shared)],
            Finding =
            [
                .. judged.Select(f =>
                    f with
                    {
                        ClusterName = health.Report.ClusterName,
                        ClusterId = health.Report.ClusterId,
                    }
                ),
            ],
            NotChecked = [.. judged.Select(f => f.NotChecked).OfType<EtcdUpgradeCheck>().Distinct().Order()],
            MemberStatus = health.Report.MemberStatus,
            Snapshot = snapshot,
            CheckedAt = checkedAt,
        };
    }

    /// <summary>A point that the user has checked counts as checked.</summary>
    private EtcdFinding Accept(EtcdFinding finding) =>
        finding.NotChecked is { } point && request.Checked.Contains(point)
            ? finding with
            {
                NotChecked = null,
                Severity = Information,
                RecommendedAction = $"You have checked it (-Checked {point}).",
            }
            : finding;
}

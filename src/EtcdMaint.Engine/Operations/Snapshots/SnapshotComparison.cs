using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Snapshot;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// Compares a snapshot file with the members of a cluster: by the IDs of the members, because another cluster can have
/// the same keys, and by the hash of the data at the newest revision of the file. The followers compute this hash one
/// after the other, because a member answers no other request meanwhile. The leader computes it only if the answers of
/// the others are not enough.
/// </summary>
internal sealed class SnapshotComparison(
    ClusterContext context,
    EtcdConnection connection,
    ScannedSnapshot snapshot,
    IRunObserver observer
)
{
    private const int ConfirmingMembers = 2;

    private SnapshotScan Scan => snapshot.Scan;

    public async Task<EtcdSnapshotReport> CompareAsync(EtcdSnapshotReport report, CallBudget limit)
    {
        report = report with { ClusterName = connection.ClusterName, ClusterId = connection.ClusterId };
        EtcdSnapshotReport compared;
        try
        {
            ClusterMembership membership = await context.DiscoverAsync(limit).ConfigureAwait(false);
            report = report with { ClusterId = HexId.Format(membership.ClusterId) };
            compared = await CompareAsync(report, membership, limit).ConfigureAwait(false);
        }
        catch (EtcdException failed)
        {
            compared = With(report, NotCompared(failed.Message.TrimEnd('.'), Warning));
        }
        return compared with
        {
            Finding =
            [
                .. compared.Finding.Select(f =>
                    f with
                    {
                        ClusterName = compared.ClusterName!,
                        ClusterId = compared.ClusterId ?? "",
                    }
                ),
            ],
        };
    }

    private async Task<EtcdSnapshotReport> CompareAsync(
        EtcdSnapshotReport report,
        ClusterMembership membership,
        CallBudget limit
    )
    {
        if (IsForeign(membership))
            return With(report, Foreign(membership)) with { MatchesCluster = false };
        if (report.Revision is not { } revision)
            return With(report, NotCompared("the keys of the file cannot be read", Information));
        long? newest = await ReadRevisionAsync(membership, limit).ConfigureAwait(false);
        if (newest < revision)
            return With(report, Ahead(revision, newest.Value)) with { MatchesCluster = false };
        report = report with { AgeRevisions = newest - revision };
        if (Scan.Hash is null)
            return With(report, NotCompared("the keys of the file are damaged", Information));

        MemberReading[] voters = await context.ReadStatusAsync(membership.Voters, limit).ConfigureAwait(false);
        return Judge(report, membership, await CompareAsync(voters, limit).ConfigureAwait(false));
    }

    private async Task<List<MemberVerdict>> CompareAsync(MemberReading[] voters, CallBudget limit)
    {
        var verdicts = new List<MemberVerdict>();
        var reader = new MemberHashReader(snapshot, limit);
        foreach (MemberReading voter in voters.OrderBy(IsLeader))
        {
            if (IsLeader(voter) && IsDecided(verdicts))
            {
                observer.LogVerbose($"{voter.Member} is the leader and was not asked for its hash.");
                continue;
            }
            observer.Report(new RunProgress(Activity, $"{voter.Member} computes its hash", Fraction(verdicts, voters)));
            verdicts.Add(await reader.CompareAsync(voter).ConfigureAwait(false));
        }
        observer.Report(new RunProgress(Activity, "done", 1, IsOver: true));
        return verdicts;
    }

    private static bool IsLeader(MemberReading voter) => voter.Status?.Leader == voter.Id;

    /// <summary>
    /// Whether the hash of the leader would change nothing. The file can come from one of the members that were
    /// compared, and that member would confirm its own damage. So two members must confirm the file.
    /// </summary>
    private static bool IsDecided(List<MemberVerdict> verdicts) =>
        verdicts.Count(v => v.IsEqual) >= ConfirmingMembers
        || verdicts.Any(v => v is { Reply: not null, IsEqual: false });

    private string Activity => $"Comparing the snapshot with {connection.ClusterName}";

    private static double Fraction(List<MemberVerdict> done, MemberReading[] all) => (double)done.Count / all.Length;

    private EtcdSnapshotReport Judge(
        EtcdSnapshotReport report,
        ClusterMembership membership,
        IReadOnlyList<MemberVerdict> verdicts
    )
    {
        MemberVerdict[] compared = [.. verdicts.Where(v => v.Reply is not null)];
        string[] other = [.. compared.Where(v => !v.IsEqual).Select(v => v.Voter.Member.ToString())];
        var findings = new List<EtcdFinding>();
        if (other.Length > 0)
            findings.Add(Mismatch(other));
        findings.AddRange(
            verdicts
                .Where(v => v.Reply is null)
                .GroupBy(v => v.Obstacle!)
                .Select(alike =>
                    NotCompared(
                        $"{string.Join(", ", alike.Select(v => v.Voter.Member))}: {alike.Key}",
                        compared.Length > 0 || alike.First().IsExpected ? Information : Warning
                    )
                )
        );
        return With(report, [.. findings]) with
        {
            MatchesCluster =
                other.Length > 0 ? false
                : compared.Length > 0 ? true
                : null,
            MemberHash = [.. compared.Select(v => ToRow(v, membership))],
        };
    }

    /// <summary>
    /// Whether the file belongs to another cluster. The ID of a cluster never changes, and it is that of the founding
    /// members, so a file from before all members were replaced is still recognized.
    /// </summary>
    private bool IsForeign(ClusterMembership membership)
    {
        IReadOnlyList<SnapshotMember> members = Scan.Content.Members;
        return members.Count > 0
            && !members.Any(m => HexId.TryParse(m.Id, out ulong id) && membership.Find(id) is not null)
            && !(HexId.TryParse(Scan.Content.FoundingClusterId, out ulong founded) && founded == membership.ClusterId);
    }

    private static async Task<long?> ReadRevisionAsync(ClusterMembership membership, CallBudget limit)
    {
        try
        {
            return (
                await ClusterContext.AskAnyVoterAsync(membership, c => c.ReadAsync(limit)).ConfigureAwait(false)
            ).Revision;
        }
        catch (EtcdException)
        {
            // Without a quorum, each member still computes its hash.
            return null;
        }
    }

    private EtcdMemberHash ToRow(MemberVerdict verdict, ClusterMembership membership) =>
        new()
        {
            ClusterName = connection.ClusterName,
            ClusterId = HexId.Format(membership.ClusterId),
            MemberId = HexId.Format(verdict.Voter.Id),
            MemberName = verdict.Voter.Member.Entry.Name,
            Revision = Scan.Revision,
            CompactRevision = verdict.Reply!.CompactRevision,
            Hash = $"{verdict.Reply.Hash:x8}",
        };

    private EtcdFinding Foreign(ClusterMembership membership) =>
        Findings.About(
            null,
            ErrorIds.SnapshotForeign,
            Error,
            $"The file is not a backup of {connection.ClusterName}: it contains the members "
                + $"{Names(Scan.Content.Members.Select(m => $"{m.Name} ({m.Id})"))}, and the cluster has "
                + $"{Names(membership.ByName.Select(m => $"{m.Entry.Name} ({HexId.Format(m.Id)})"))}.",
            "Find the cluster of the file. A cluster that was restored from a snapshot has new member IDs too."
        );

    private EtcdFinding Ahead(long revision, long newest) =>
        Findings.About(
            null,
            ErrorIds.SnapshotAheadOfCluster,
            Error,
            $"The file has revision {revision}, and {connection.ClusterName} has only reached revision {newest}.",
            "Find out whether the cluster lost data, or whether the file is of another cluster."
        );

    private EtcdFinding Mismatch(string[] members) =>
        Findings.About(
            null,
            ErrorIds.SnapshotHashMismatch,
            Error,
            $"The data of the file at revision {Scan.Revision} differs from that of {Names(members)}.",
            "Do not rely on this file as a backup of the cluster. Check with Test-EtcdHealth whether the data of the "
                + "members differs."
        );

    private static EtcdFinding NotCompared(string why, EtcdFindingSeverity severity) =>
        Findings.About(
            null,
            ErrorIds.SnapshotNotCompared,
            severity,
            $"The data of the file was not compared: {why}.",
            severity is Warning ? "Check the members with Test-EtcdHealth, and test the file again." : null
        );

    private static EtcdSnapshotReport With(EtcdSnapshotReport report, params EtcdFinding[] findings) =>
        report with
        {
            Finding = [.. report.Finding, .. findings.OrderByDescending(f => f.Severity)],
        };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}

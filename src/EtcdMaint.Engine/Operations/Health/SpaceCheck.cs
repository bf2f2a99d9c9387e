using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Alarms;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>Checks the NOSPACE alarm and the size of each member relative to its quota.</summary>
internal static class SpaceCheck
{
    // etcdDatabaseQuotaLowSpace of etcd-io/etcd, contrib/mixin/alerts, fires at 0.95; OpenShift's at 0.75 and 0.85.
    /// <param name="state">The current state of the cluster.</param>
    /// <param name="compacted">The compacted revision, or null if it is unknown.</param>
    public static IEnumerable<EtcdFinding> Find(ClusterState state, long? compacted)
    {
        ArmedAlarm[] full =
        [
            .. state
                .Readings.SelectMany(r => AlarmStrings.Read(r.Status?.Errors ?? []))
                .Where(a => a.Type is EtcdAlarmType.NoSpace)
                .Distinct(),
        ];
        if (full.Length > 0)
            yield return Findings.About(
                state.ClusterMembership.Find(full[0].MemberId),
                ErrorIds.NoSpaceArmed,
                Error,
                "The NOSPACE alarm is armed: the cluster refuses writes.",
                "Compact, defragment all members, then Clear-EtcdAlarm."
            );

        foreach (MemberReading reading in state.Readings.Where(r => r.Status is not null))
        foreach (EtcdFinding finding in Find(reading.Member, reading.Status!, reading.QuotaBytes, compacted))
            yield return finding;
    }

    /// <summary>Whether the finding says that the database is too large.</summary>
    public static bool IsAboutSpace(EtcdFinding finding) =>
        finding.FindingId is ErrorIds.NoSpaceArmed or ErrorIds.LiveDataOverQuota or ErrorIds.NearQuota;

    /// <summary>Names the largest resources in the first finding that says that the database is too large.</summary>
    public static IReadOnlyList<EtcdFinding> Name(
        IReadOnlyList<EtcdSpaceUsage> largest,
        IReadOnlyList<EtcdFinding> findings
    )
    {
        EtcdFinding? first = findings.FirstOrDefault(IsAboutSpace);
        return first is not null && LargestResourceText.Of(largest) is { } names
            ?
            [
                .. findings.Select(finding =>
                    finding == first
                        ? finding with
                        {
                            RecommendedAction = $"{finding.RecommendedAction} {names}",
                        }
                        : finding
                ),
            ]
            : findings;
    }

    private static IEnumerable<EtcdFinding> Find(
        ResolvedMember member,
        StatusReply status,
        long? quota,
        long? compacted
    )
    {
        if (quota is > 0 && (double)status.DbSizeInUse / quota > Limits.Health.LiveDataOverQuota)
            yield return InUseOverQuota(
                member,
                status,
                quota,
                compacted > 0 && status.Header.Revision - compacted <= Limits.Health.ShortHistory
            );
        else if (quota is > 0 && (double)status.DbSize / quota > Limits.Health.NearQuota)
            yield return Findings.About(
                member,
                ErrorIds.NearQuota,
                Warning,
                $"The file of {member} takes {Share(status.DbSize, quota)} of its quota.",
                Remedy(member, "Compact and defragment.")
            );
        else if (
            status.DbSize > 0
            && status.FreeBytes > Limits.Health.FragmentedBytes
            && (double)status.FreeBytes / status.DbSize > Limits.Health.FragmentedRatio
        )
            yield return Findings.About(
                member,
                ErrorIds.Fragmented,
                Information,
                $"{ByteText.Of(status.FreeBytes)} of the {ByteText.Of(status.DbSize)} of {member} are free pages.",
                Remedy(member, "Defragment when convenient.")
            );
        if (quota is null)
            yield return Findings.About(
                member,
                ErrorIds.QuotaUnknown,
                Information,
                $"The quota of {member} is unknown.",
                "Specify the quota with Connect-EtcdCluster -QuotaBytes."
            );
    }

    private static string Remedy(ResolvedMember member, string ofVoter) =>
        member.Entry.IsLearner ? AlarmSpace.LearnerRemedy : ofVoter;

    /// <summary>The bytes in use are live data only if history is already compacted.</summary>
    private static EtcdFinding InUseOverQuota(ResolvedMember member, StatusReply status, long? quota, bool isLive)
    {
        string figures = $"{ByteText.Of(status.DbSizeInUse)}, {Share(status.DbSizeInUse, quota)} of its quota";
        return isLive
            ? Findings.About(
                member,
                ErrorIds.LiveDataOverQuota,
                Error,
                $"The live data of {member} takes {figures}: no defragmentation can help.",
                "Give etcd a higher quota, or delete data."
            )
            : Findings.About(
                member,
                ErrorIds.LiveDataOverQuota,
                Warning,
                $"Live data and history of {member} take {figures}.",
                "Compact. If the size remains above the limit, give etcd a higher quota or delete data."
            );
    }

    private static string Share(long bytes, long? quota) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * bytes / quota!.Value:0} %");
}

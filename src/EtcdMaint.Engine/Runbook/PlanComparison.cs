using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Compares a cluster with its state when the plan was made, in everything on which the plan relies. What is unknown
/// now is not compared: a member that does not answer is a finding of the health check.
/// </summary>
/// <param name="plan">The plan for the cluster.</param>
/// <param name="now">The members now.</param>
internal sealed class PlanComparison(EtcdClusterPlan plan, IReadOnlyList<EtcdMemberStatus> now)
{
    /// <summary>Returns the differences as the rest of a sentence, or null if there are none.</summary>
    public string? Describe()
    {
        string[] differences = [.. Members(), .. Leader(), .. now.SelectMany(Member)];
        return differences.Length == 0 ? null : string.Join("; ", differences);
    }

    /// <summary>
    /// Returns the first member that answered when the plan was made and does not answer now, or the opposite, or null
    /// if there is none.
    /// </summary>
    public string? DescribeSilence() =>
        now.Select(status => (Status: status, Before: Find(status)))
            .Where(pair => pair.Before is not null && pair.Before.IsReachable != pair.Status.IsReachable)
            .Select(pair =>
                pair.Status.IsReachable
                    ? $"{pair.Status} did not answer and now answers"
                    : $"{pair.Status} answered and does not answer now"
            )
            .FirstOrDefault();

    private EtcdMemberPlan? Find(EtcdMemberStatus status) =>
        plan.MemberPlan.FirstOrDefault(member => member.MemberId == status.MemberId);

    private IEnumerable<string> Members()
    {
        // Without any answer, the members are unknown.
        if (now.Count == 0)
            yield break;
        foreach (EtcdMemberStatus added in now.Where(status => Find(status) is null))
            yield return $"{added} is a new member";
        foreach (EtcdMemberPlan gone in plan.MemberPlan.Where(member => now.All(s => s.MemberId != member.MemberId)))
            yield return $"{gone} is no longer a member";
    }

    private IEnumerable<string> Leader()
    {
        EtcdMemberPlan? before = plan.MemberPlan.FirstOrDefault(member => member.Role is EtcdMemberRole.Leader);
        EtcdMemberStatus? leader = now.FirstOrDefault(status => status.IsLeader is true);
        if (leader is null || leader.MemberId == before?.MemberId)
            yield break;
        yield return before is null
            ? $"no leader was known and the leader is now {leader}"
            : $"the leader was {before} and is now {leader}";
    }

    private IEnumerable<string> Member(EtcdMemberStatus status)
    {
        if (Find(status) is not { IsReachable: true } before || !status.IsReachable)
            yield break;
        if (before.Role is EtcdMemberRole.Learner != status.IsLearner)
            yield return status.IsLearner
                ? $"{status} was a voter and is now a learner"
                : $"{status} was a learner and is now a voter";
        if (before.Version != status.Version)
            yield return $"{status} ran etcd {before.Version ?? "of an unknown version"} and now runs {status.Version}";
        if (before.QuotaBytes is { } quota && status.QuotaBytes is { } current && quota != current)
            yield return $"the quota of {status} was {ByteText.Of(quota)} and is now {ByteText.Of(current)}";
        if (HasChanged(before.DbSize, status.DbSize))
            yield return $"the file of {status} was {Sizes(before.DbSize, status.DbSize)}";

        // Before a compaction, the bytes in use contain history, and the plan only gives a range.
        if (before is { Status: EtcdDefragStatus.Planned, IsDecidedLater: false })
        {
            if (HasChanged(before.DbSizeInUse, status.DbSizeInUse))
                yield return $"the data in use of {status} was {Sizes(before.DbSizeInUse, status.DbSizeInUse)}";
        }
        foreach (EtcdAlarmType cleared in before.Alarm.Except(status.Alarm))
            yield return $"{Name(cleared)} was armed on {status} and is now cleared";
        foreach (EtcdAlarmType armed in status.Alarm.Except(before.Alarm))
            yield return $"{Name(armed)} was not armed on {status} and now is";
    }

    private static bool HasChanged(long? before, long? now) =>
        before is { } was
        && now is { } size
        && Math.Abs(size - was) > Limits.Plans.MaximumSizeChange * was
        && Math.Abs(size - was) >= Limits.Defrag.NegligibleBytes;

    private static string Sizes(long? before, long? now) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ByteText.Of(before ?? 0)} and is now {ByteText.Of(now ?? 0)}, more than "
                + $"{100 * Limits.Plans.MaximumSizeChange:0} % {(now > before ? "larger" : "smaller")}"
        );

    private static string Name(EtcdAlarmType alarm) => alarm.ToString().ToUpperInvariant();
}

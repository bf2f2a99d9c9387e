using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Alarms;

/// <summary>
/// Requires that every member's file is known to be under its own quota by the margin asked for, before NOSPACE is
/// disarmed. A learner applies all writes and arms the alarm as a voter does, so it counts too.
/// </summary>
internal sealed class AlarmSpace(ClusterContext context, AlarmClearRequest request, IRunObserver observer)
{
    /// <summary>What makes room on a learner, which no client can compact or defragment.</summary>
    public const string LearnerRemedy =
        "A learner cannot be defragmented while it runs: remove it and add it again, or promote it and "
        + "defragment it then, or give it a higher quota.";

    public async Task RequireAsync(ClusterMembership membership, CallBudget limit)
    {
        MemberReading[] members = await context
            .ReadAsync(membership.Members.Where(m => !m.Entry.IsLearner || m.Entry.IsStarted), limit)
            .ConfigureAwait(false);
        RequireAnswers([.. members.Where(m => m.Status is null)]);
        MemberReading[] known = [.. members.Where(m => m.Status is not null)];
        if (
            Array.Find(known, m => m.QuotaBytes is null or 0) is { } unknown
            && !request.Override.Contains(EtcdGate.QuotaUnknown)
        )
            throw QuotaUnknown(unknown);
        MemberReading[] over =
        [
            .. known.Where(m =>
                m.QuotaBytes > 0 && (double)m.Status!.DbSize / m.QuotaBytes > request.MaximumQuotaUsedRatio
            ),
        ];
        if (over.Length > 0)
            throw OverQuota(over);
    }

    /// <summary>
    /// A learner that does not answer cannot arm the alarm before it is back, so it does not keep the cluster
    /// read-only.
    /// </summary>
    private void RequireAnswers(MemberReading[] silent)
    {
        if (
            Array.Find(silent, m => !m.Member.Entry.IsLearner) is { } down
            && !request.Override.Contains(EtcdGate.MemberDown)
        )
            throw down.LoginFailure
                ?? new EtcdException(
                    ErrorIds.MemberDown,
                    EtcdErrorCategory.ResourceUnavailable,
                    $"Member {down.Member} does not answer, so it is not known whether its file is under "
                        + $"its quota: {down.Failure!.Message}",
                    "Bring the member back, or use -Override MemberDown.",
                    HexId.Format(down.Id),
                    down.Failure
                );
        foreach (MemberReading learner in silent.Where(m => m.Member.Entry.IsLearner))
            observer.Warn(
                $"LearnerNotChecked: Learner {learner.Member} does not answer. If its file is over its "
                    + "quota, NOSPACE comes back when it does."
            );
    }

    private static EtcdException QuotaUnknown(MemberReading member) =>
        new(
            ErrorIds.QuotaUnknown,
            EtcdErrorCategory.ResourceUnavailable,
            $"The quota of member {member.Member} is not known: it is older than etcd 3.6, its metrics were "
                + $"not readable, and {WhatSettingsShow(member)}.",
            "Give it to Connect-EtcdCluster with -QuotaBytes, or use -Override QuotaUnknown.",
            HexId.Format(member.Id)
        );

    private static string WhatSettingsShow(MemberReading member) =>
        member.Member.Client?.Place.QuotaBytes is > 0 and { } suggested
            ? $"NOSPACE was armed although its file of {ByteText.Of(member.Status!.DbSize)} is far below the "
                + $"{ByteText.Of(suggested)} that its settings suggest"
            : "its settings do not show the quota for certain";

    private EtcdException OverQuota(MemberReading[] over)
    {
        string?[] actions =
        [
            Array.Exists(over, m => !m.Member.Entry.IsLearner)
                ? "Compact and defragment all members first, or give etcd a higher quota."
                : null,
            Array.Exists(over, m => m.Member.Entry.IsLearner) ? LearnerRemedy : null,
        ];
        return new EtcdException(
            ErrorIds.OverQuota,
            EtcdErrorCategory.LimitsExceeded,
            $"NOSPACE would come back with the next write: {string.Join(", ", over.Select(Use))}.",
            string.Join(" ", actions.OfType<string>()),
            string.Join(",", over.Select(m => HexId.Format(m.Id)))
        );
    }

    private string Use(MemberReading m) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(m.Member.Entry.IsLearner ? "learner " : "")}{m.Member} uses "
                + $"{(double)m.Status!.DbSize / m.QuotaBytes!.Value:P0} of its quota (limit "
                + $"{request.MaximumQuotaUsedRatio:P0})"
        );
}

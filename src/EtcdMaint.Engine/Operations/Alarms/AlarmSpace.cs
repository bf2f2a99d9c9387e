using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Alarms;

/// <summary>
/// Requires that the file of every member is below its own quota by the specified margin before NOSPACE is cleared. A
/// learner applies all writes and arms the alarm like a voter, so it is included.
/// </summary>
internal sealed class AlarmSpace(ClusterContext context, AlarmClearRequest request, IRunObserver observer)
{
    /// <summary>How to reduce the file of a learner, which no client can compact or defragment.</summary>
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
    /// A learner that does not answer cannot arm the alarm until it answers again, so it does not keep the cluster
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
                    $"Member {down.Member} does not answer, so it is unknown whether its file is below its "
                        + $"quota: {down.Failure!.Message}",
                    "Start the member, or use -Override MemberDown.",
                    HexId.Format(down.Id),
                    down.Failure
                );
        foreach (MemberReading learner in silent.Where(m => m.Member.Entry.IsLearner))
            observer.Warn(
                $"LearnerNotChecked: Learner {learner.Member} does not answer. If its file exceeds its "
                    + "quota, NOSPACE is armed again when it answers."
            );
    }

    private static EtcdException QuotaUnknown(MemberReading member) =>
        new(
            ErrorIds.QuotaUnknown,
            EtcdErrorCategory.ResourceUnavailable,
            $"The quota of member {member.Member} is unknown: it runs a version before etcd 3.6, its "
                + $"metrics cannot be read, and {WhatSettingsShow(member)}.",
            "Specify the quota with Connect-EtcdCluster -QuotaBytes, or use -Override QuotaUnknown.",
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
                ? $"Compact and defragment all members first: {CommandLines.Rescue}. It removes all history. Or give "
                    + "etcd a higher quota (--quota-backend-bytes)."
                : null,
            Array.Exists(over, m => m.Member.Entry.IsLearner) ? LearnerRemedy : null,
        ];
        return new EtcdException(
            ErrorIds.OverQuota,
            EtcdErrorCategory.LimitsExceeded,
            $"NOSPACE would be armed again with the next write: {string.Join(", ", over.Select(Use))}.",
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

using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Combines the errors of several members, so that a refusal that concerns the whole cluster is reported once.
/// </summary>
internal static class OneError
{
    /// <summary>Returns the first error. If several members have it, its message names the others too.</summary>
    /// <param name="alike">The members and their errors, which have the same ID.</param>
    public static EtcdException For(IReadOnlyList<(ResolvedMember Member, EtcdException Error)> alike)
    {
        EtcdException first = alike[0].Error;
        if (alike.Count == 1)
            return first;
        string others = string.Join(", ", alike.Skip(1).Select(a => a.Member.ToString()));
        return new EtcdException(
            first.ErrorId,
            first.Category,
            $"{first.Message.TrimEnd('.')}. The same applies to {others}.",
            first.RecommendedAction,
            string.Join(",", alike.Select(a => HexId.Format(a.Member.Id))),
            first
        );
    }

    /// <summary>
    /// Returns the errors to report: one for all members that the cluster refuses for the same reason, and one for each
    /// other member.
    /// </summary>
    public static IEnumerable<EtcdException> Of(IEnumerable<(ResolvedMember Member, EtcdException Error)> failures) =>
        failures
            .GroupBy(f =>
                f.Error is MemberCallException { ConcernsCluster: true } ? f.Error.ErrorId : $"{f.Member.Id:x}"
            )
            .Select(alike => For([.. alike]));
}

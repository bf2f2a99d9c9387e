using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Describes the failures of several addresses. A cause that they share is reported once with all addresses. For
/// example, a missing permission is missing for every pod.
/// </summary>
internal static class CommonCauses
{
    public static IEnumerable<EtcdException> Merge(
        IEnumerable<(MemberAddress Place, EtcdException Failure)> failures
    ) =>
        failures
            .GroupBy(f =>
                f.Failure is MemberCallException call
                    ? (f.Failure.ErrorId, call.Detail)
                    : (f.Failure.ErrorId, f.Failure.Message)
            )
            .Select(group => Merge([.. group]));

    private static EtcdException Merge((MemberAddress Place, EtcdException Failure)[] alike)
    {
        if (alike.Length == 1 || alike[0].Failure is not MemberCallException first)
            return alike[0].Failure;
        string places = string.Join(", ", alike.Select(a => a.Place.ToString()).Order(StringComparer.Ordinal));

        // A missing right is a property of the user, so the sentence about the user comes first.
        return first is { Failure: CallFailure.AccessForbidden, Detail: { } right }
            ? new EtcdException(
                first.ErrorId,
                first.Category,
                $"{right.TrimEnd('.')} ({alike.Length} pods: {places}).",
                first.RecommendedAction,
                places,
                first
            )
            : MemberCallException.Create(first.Failure, new MemberAddress(places), first.Detail, first);
    }
}

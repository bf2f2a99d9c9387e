using EtcdMaint.Engine.Client;

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

    private static EtcdException Merge((MemberAddress Place, EtcdException Failure)[] alike) =>
        alike.Length > 1 && alike[0].Failure is MemberCallException first
            ? MemberCallException.Create(
                first.Failure,
                new MemberAddress(
                    string.Join(", ", alike.Select(a => a.Place.ToString()).Order(StringComparer.Ordinal))
                ),
                first.Detail,
                first
            )
            : alike[0].Failure;
}

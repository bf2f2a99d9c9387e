using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Leases;

/// <summary>Names leases in messages.</summary>
internal static class LeaseText
{
    /// <summary>Formats a number of leases: 1 lease, 2 leases.</summary>
    public static string Count(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? "lease" : "leases")}");

    /// <summary>Names the first leases, and the number of the others.</summary>
    public static string List<T>(IReadOnlyCollection<T> leases)
    {
        string named = string.Join(", ", leases.Take(Limits.Leases.Named));
        int more = leases.Count - Limits.Leases.Named;
        return more > 0 ? $"{named} and {more} more" : named;
    }
}

using System.Globalization;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>The sum of all rows in one line.</summary>
internal static class SpaceUsageTotal
{
    public static string Of(IReadOnlyList<EtcdSpaceUsage> rows)
    {
        long keys = rows.Sum(row => row.KeyCount);
        long bytes = rows.Sum(row => row.Bytes ?? 0);
        string about = rows.All(row => row.BytesAreExact) ? "" : "about ";
        string size = bytes > 0 ? $", {about}{ByteText.Of(bytes)}" : "";
        string history = rows.Any(row => row.DeadBytes is not null)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", history {ByteText.Of(rows.Sum(row => row.DeadBytes ?? 0))} in "
                    + $"{rows.Sum(row => row.Revisions ?? 0) - keys:N0} revisions"
            )
            : "";
        string writes = rows.Any(row => row.WritesPerSecond is not null)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", {rows.Sum(row => row.WritesPerSecond ?? 0):N1} writes per second"
            )
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{keys:N0} keys in {rows.Count:N0} groups{size}{history}{writes}"
        );
    }
}

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Sets the share of each row, and puts the rows in order.</summary>
internal static class SpaceUsageOrder
{
    /// <summary>
    /// Returns the rows with the most bytes first, or those with the most writes if the keys were watched.
    /// </summary>
    public static IReadOnlyList<EtcdSpaceUsage> Of(IReadOnlyCollection<EtcdSpaceUsage> rows)
    {
        // Bytes are compared only if they are known of all rows, which they are not if the reading was cancelled.
        Func<EtcdSpaceUsage, double> weight = rows.All(row => row.Bytes is not null || row.KeyCount == 0)
            ? row => row.Bytes ?? 0
            : row => row.KeyCount;
        double all = rows.Sum(weight);
        return
        [
            .. rows.Select(row => row with { Share = all > 0 ? weight(row) / all : null })
                .OrderByDescending(row => row.WritesPerSecond)
                .ThenByDescending(weight)
                .ThenByDescending(row => row.DeadBytes)
                .ThenBy(row => row.Prefix, StringComparer.Ordinal),
        ];
    }
}

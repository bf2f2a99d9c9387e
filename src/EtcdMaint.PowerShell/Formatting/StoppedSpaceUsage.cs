namespace EtcdMaint.Cmdlets;

/// <summary>
/// Describes what Get-EtcdSpaceUsage found until it was stopped, for rows that the pipeline no longer receives.
/// </summary>
internal static class StoppedSpaceUsage
{
    /// <summary>The number of rows to show. They fit on a screen of 24 lines, with the lines around them.</summary>
    private const int RowsShown = 15;

    /// <summary>Returns what the table below the text shows.</summary>
    /// <param name="source">The cluster or the file.</param>
    /// <param name="count">The number of rows.</param>
    public static string Summary(string source, int count) =>
        PlainText.Of(
            $"{source}: Get-EtcdSpaceUsage was stopped. "
                + (
                    count > RowsShown
                        ? $"These are the first {RowsShown} of {count} rows that it had until then."
                        : "These are the rows that it had until then."
                )
        );

    public static IEnumerable<string> Table(IReadOnlyList<EtcdSpaceUsage> rows, int screen) =>
        rows.Take(RowsShown)
            .Select(row => SpaceLayout.Row(row, screen))
            .Prepend(SpaceLayout.Table(rows[0], screen).Head());
}

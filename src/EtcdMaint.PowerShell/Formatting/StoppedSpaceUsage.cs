namespace EtcdMaint.Cmdlets;

/// <summary>
/// Describes what Get-EtcdSpaceUsage found until it was stopped, for rows that the pipeline no longer receives.
/// </summary>
internal static class StoppedSpaceUsage
{
    /// <summary>The number of rows to show. They fit on a screen of 24 lines, with the lines around them.</summary>
    private const int RowsShown = 15;

    /// <summary>Returns what the table below the text shows.</summary>
    public static string Summary(EtcdConnection connection, int count) =>
        PlainText.Of(
            $"{connection}: Get-EtcdSpaceUsage was stopped. "
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

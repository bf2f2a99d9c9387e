namespace EtcdMaint.Reports;

/// <summary>The largest resources of the database, as bars in proportion to the largest one.</summary>
internal static class ResourceBars
{
    public static Html Render(EtcdMaintenanceReport report)
    {
        double scale = Math.Max(1, report.LargestResource.Max(row => row.Bytes) ?? 0);
        return Html.Of(
            $"""
            <div class="members">
            {Html.Join(report.LargestResource.Select(row => Resource(row, scale)))}
            </div>
            <p class="legend">Keys and their newest values, without history and free pages{(
                report.LargestResource.Any(row => !row.BytesAreExact) ? ", estimated from a sample" : ""
            )}.</p>

            """
        );
    }

    private static Html Resource(EtcdSpaceUsage row, double scale)
    {
        string name = LargestResourceText.NameOf(row);
        return Html.Of(
            $"""
            <div class="resource">
            <div class="who"><b>{name}</b> <small>{(name == row.Prefix ? "" : row.Prefix)}</small></div>
            <div class="bars">
            <span class="when">{PageText.Percent(row.Share)}</span>
            <div class="bar"><i class="use" style="width:{100.0 * (row.Bytes ?? 0) / scale}"></i></div>
            <span class="size"><b>{PageText.Size(row.Bytes)}</b><small>{PageText.Number(row.KeyCount)} {(
                row.KeyCount == 1 ? "key" : "keys"
            )}</small></span>
            </div>
            </div>

            """
        );
    }
}

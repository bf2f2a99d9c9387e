namespace EtcdMaint.Reports;

/// <summary>
/// One page for all reports: a summary, then each cluster. It needs no other file and runs no script.
/// </summary>
internal static class ReportPage
{
    public static Html Render(IReadOnlyList<EtcdMaintenanceReport> reports, DateTimeOffset createdAt)
    {
        ClusterEntry[] entries = ClusterEntry.Sort(reports);
        string title =
            entries.Length == 1
                ? $"{entries[0].Report.ClusterName}: etcd maintenance"
                : $"etcd maintenance of {entries.Length} clusters";
        return Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="generator" content="{ReportDocument.Generator}">
            <title>{title}</title>
            <style>
            {ReportStyle.Plain}
            </style>
            <style>
            {ReportStyle.Themed}
            </style>
            </head>
            <body>
            <main>
            {Html.When(entries.Length > 1, () => FleetSummary.Render(entries))}
            {Html.Join(entries.Where(e => e.HasSection).Select(e => ClusterSection.Render(e, entries.Length)))}
            </main>
            <footer>{ReportDocument.Generator}, {PageText.Time(
                createdAt
            )}. Sizes are in powers of 1,000; all times are UTC.</footer>
            </body>
            </html>

            """
        );
    }
}

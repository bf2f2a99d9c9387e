namespace EtcdMaint.Reports;

/// <summary>What all pages have in common. A page needs no other file and runs no script.</summary>
internal static class PageFrame
{
    public static Html Render(string title, Html main, DateTimeOffset createdAt) =>
        Html.Of(
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
            {main}
            </main>
            <footer>{ReportDocument.Generator}, {PageText.Time(
                createdAt
            )}. Sizes are in powers of 1,000; all times are UTC.</footer>
            </body>
            </html>

            """
        );
}

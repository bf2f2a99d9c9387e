using System.Text;

namespace EtcdMaint.Reports;

/// <summary>Converts reports to the bytes of a file.</summary>
internal static class ReportDocument
{
    public static string Generator { get; } =
        $"EtcdMaint {typeof(ReportDocument).Assembly.GetName().Version?.ToString(3)}";

    public static byte[] Render(
        IReadOnlyList<EtcdMaintenanceReport> reports,
        EtcdReportFormat format,
        DateTimeOffset createdAt
    ) =>
        format switch
        {
            EtcdReportFormat.Json => JsonDocumentWriter.Render(reports, createdAt),
            EtcdReportFormat.JsonLines => [.. reports.SelectMany(JsonLine.Render)],
            _ => Encoding.UTF8.GetBytes(ReportPage.Render(reports, createdAt).ToString()),
        };
}

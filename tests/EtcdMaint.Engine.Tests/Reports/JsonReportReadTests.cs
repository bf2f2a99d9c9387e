using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using EtcdMaint.Reports;
using FsCheck;
using FsCheck.Fluent;
using Property = EtcdMaint.Engine.Tests.Properties.Property;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>A report that was written as JSON is read back with all its values.</summary>
public sealed class JsonReportReadTests
{
    private static Arbitrary<int> Seeds => Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Fact]
    public Task A_report_equals_the_one_that_was_written() =>
        Property.ForAllAsync(
            Seeds,
            200,
            seed =>
            {
                EtcdMaintenanceReport report = RandomReports.Create(seed);
                Assert.Equal(RandomReports.Describe(report), RandomReports.Describe(Read(JsonLine.Render(report))));
            }
        );

    [Fact]
    public void The_reports_of_the_samples_are_written_in_the_same_way_after_reading() =>
        Assert.All(SampleReports.All, report => Assert.Equal(Text(report), Text(Read(JsonLine.Render(report)))));

    [Fact]
    public Task Random_reports_conform_to_the_schema() =>
        Property.ForAllAsync(
            Seeds,
            50,
            seed =>
            {
                EtcdMaintenanceReport report = RandomReports.Create(seed);
                byte[] document = ReportDocument.Render([report], EtcdReportFormat.Json, DateTimeOffset.UnixEpoch);
                Assert.DoesNotContain(
                    JsonSchema.Check(Schema(), JsonDocument.Parse(document).RootElement),
                    deviation => !deviation.Contains(".steps[", StringComparison.Ordinal)
                );
            }
        );

    [Fact]
    public void A_report_of_an_earlier_version_is_read()
    {
        string[] later = ["ring", "isResumed", "changeBegan", "largestResources", "leasesLost"];
        using var written = JsonDocument.Parse(JsonLine.Render(SampleReports.Calm));
        string earlier = JsonSerializer.Serialize(
            written
                .RootElement.EnumerateObject()
                .Where(p => !later.Contains(p.Name))
                .ToDictionary(p => p.Name, p => p.Value)
        );
        EtcdMaintenanceReport read = Read(Encoding.UTF8.GetBytes(earlier));
        Assert.Null(read.Ring);
        Assert.False(read.IsResumed || read.ChangeBegan);
        Assert.Equal(SampleReports.Calm.Reason, read.Reason);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"clusterName": 7}""")]
    public void Other_JSON_is_not_a_report(string json) =>
        Assert.Throws<FormatException>(() => Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("\"Failed\"", "\"failed\"")]
    [InlineData("\"Failed\"", "\"4\"")]
    [InlineData("\"durationSeconds\":0.02", "\"durationSeconds\":\"0.02\"")]
    [InlineData("\"durationSeconds\":0.02", "\"durationSeconds\":1e300")]
    [InlineData("\"durationSeconds\":0.02", "\"durationSeconds\":null")]
    [InlineData("\"steps\":[{", "\"steps\":[[],{")]
    [InlineData("2026-11-20T03", "2026-13-20T03")]
    [InlineData("\"errors\":[\"", "\"errors\":[1,\"")]
    public void A_value_that_is_not_valid_is_rejected(string valid, string other)
    {
        string text = Text(SampleReports.Dead);
        Assert.Contains(valid, text, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() =>
            Read(Encoding.UTF8.GetBytes(text.Replace(valid, other, StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void Each_report_is_one_line_of_ASCII()
    {
        byte[] lines = ReportDocument.Render(SampleReports.All, EtcdReportFormat.JsonLines, DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain(lines, letter => letter > 0x7E || (letter < 0x20 && letter != '\n'));
        string[] read = Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            SampleReports.All.Select(report => report.ClusterName),
            read.Select(line => Read(Encoding.UTF8.GetBytes(line)).ClusterName)
        );
    }

    private static string Text(EtcdMaintenanceReport report) => Encoding.UTF8.GetString(JsonLine.Render(report));

    private static EtcdMaintenanceReport Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonReport.Read(document.RootElement);
    }

    private static JsonElement Schema([CallerFilePath] string here = "") =>
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/report-schema.json")))
            .RootElement;
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using EtcdMaint.Reports;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>The JSON of reports conforms to docs/report-schema.json.</summary>
public sealed class JsonReportTests
{
    private static readonly DateTimeOffset CreatedAt = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_property_conforms_to_the_schema() =>
        Assert.Empty(JsonSchema.Check(Schema(), Render(SampleReports.All)));

    [Fact]
    public void The_sample_report_contains_every_kind_of_row()
    {
        JsonElement rescued = Render([SampleReports.Rescued]).GetProperty("reports")[0];
        foreach (
            JsonProperty property in rescued
                .EnumerateObject()
                .Where(p => p.Value.ValueKind is JsonValueKind.Array && p.Name != "errors")
        )
            Assert.True(property.Value.GetArrayLength() > 0, property.Name);
    }

    [Fact]
    public void A_deviation_from_the_schema_is_detected()
    {
        JsonElement bad = JsonDocument
            .Parse("""{"schemaVersion": 2, "generator": null, "createdAt": "yesterday", "reports": [{}], "more": 1}""")
            .RootElement;
        IReadOnlyList<string> troubles = JsonSchema.Check(Schema(), bad);
        Assert.Contains("$.schemaVersion '2' is not 1", troubles);
        Assert.Contains("$.reports[0] lacks clusterName", troubles);
        Assert.Contains("$.more is not in the schema", troubles);
        Assert.Contains(troubles, t => t.StartsWith("$.createdAt", StringComparison.Ordinal));
        Assert.Contains(troubles, t => t.StartsWith("$.generator", StringComparison.Ordinal));
    }

    [Fact]
    public void The_values_equal_those_of_the_report()
    {
        JsonElement document = Render([SampleReports.Rescued]);
        Assert.Equal("2026-11-20T04:00:00.000Z", document.GetProperty("createdAt").GetString());
        JsonElement report = document.GetProperty("reports")[0];
        Assert.Equal("prod <eu>", report.GetProperty("clusterName").GetString());
        Assert.Equal("Succeeded", report.GetProperty("status").GetString());
        Assert.Equal(41.5, report.GetProperty("durationSeconds").GetDouble());
        Assert.Equal(3 * 1_915_000_000L, report.GetProperty("bytesReclaimed").GetInt64());
        JsonElement leader = report.GetProperty("defrags")[2];
        Assert.Equal(1, leader.GetProperty("termChanges").GetInt64());
        Assert.True(leader.GetProperty("wasLeader").GetBoolean());
        Assert.Equal("2026-11-20T03:14:35.350Z", leader.GetProperty("startedAt").GetString());
        Assert.Equal(0.038, leader.GetProperty("worstStallSeconds").GetDouble());
        Assert.Equal(SampleReports.EvilName, report.GetProperty("alarms")[0].GetProperty("memberName").GetString());
        JsonElement lost = report.GetProperty("leasesLost")[0];
        Assert.Equal("node-2_b", lost.GetProperty("holder").GetString());
        Assert.Equal(JsonValueKind.Null, lost.GetProperty("newHolder").ValueKind);
        Assert.Equal("node-1_a", report.GetProperty("leasesBefore")[0].GetProperty("holder").GetString());
        JsonElement largest = report.GetProperty("largestResources")[0];
        Assert.Equal("events", largest.GetProperty("resource").GetString());
        Assert.Equal("/registry/events/", largest.GetProperty("prefix").GetString());
        Assert.Equal(120_000_000, largest.GetProperty("bytes").GetInt64());
        Assert.Equal(0.6, largest.GetProperty("share").GetDouble());
        Assert.Equal("7b13f4c5", report.GetProperty("hashesAfter")[0].GetProperty("hash").GetString());
    }

    [Fact]
    public void An_unknown_value_is_null_and_not_zero()
    {
        JsonElement silent = Render([SampleReports.Calm]).GetProperty("reports")[0].GetProperty("membersBefore")[1];
        Assert.All(
            ["dbSize", "quotaBytes", "isLeader", "raftTerm", "version"],
            name => Assert.Equal(JsonValueKind.Null, silent.GetProperty(name).ValueKind)
        );
        Assert.False(silent.GetProperty("isReachable").GetBoolean());
        JsonElement report = Render([SampleReports.Calm]).GetProperty("reports")[0];
        Assert.All(
            ["leasesBefore", "leasesAfter", "leasesLost"],
            name => Assert.Equal(JsonValueKind.Null, report.GetProperty(name).ValueKind)
        );
    }

    private static JsonElement Render(IReadOnlyList<EtcdMaintenanceReport> reports) =>
        JsonDocument.Parse(ReportDocument.Render(reports, EtcdReportFormat.Json, CreatedAt)).RootElement;

    private static JsonElement Schema([CallerFilePath] string here = "") =>
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/report-schema.json")))
            .RootElement;
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Engine.Tests.SizeHistory;

/// <summary>The lines of a history conform to docs/history-schema.json, and are read as they were written.</summary>
public sealed class HistoryJsonTests
{
    private static readonly HistoryRecord Run = HistoryMapper.FromReport(SampleReports.Rescued)!;

    private static readonly HistoryRecord Status = HistoryMapper.FromStatus(
        SampleReports.Rescued.Before,
        SampleHistory.Start
    )!;

    [Fact]
    public void Every_line_conforms_to_the_schema()
    {
        foreach (HistoryRecord record in new[] { Run, Status })
        {
            using var line = JsonDocument.Parse(HistoryJson.Write(record));
            Assert.Empty(JsonSchema.Check(Schema(), line.RootElement));
        }
    }

    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        foreach (HistoryRecord record in new[] { Run, Status })
        {
            HistoryRecord read = HistoryJson.Read(HistoryJson.Write(record))!;
            Assert.Equal(record.Member, read.Member);
            Assert.Equal(record with { Member = read.Member }, read);
        }
    }

    [Fact]
    public void A_line_begins_with_the_characters_that_identify_a_history() =>
        Assert.StartsWith(HistoryJson.Begin, Encoding.UTF8.GetString(HistoryJson.Write(Run)), StringComparison.Ordinal);

    [Fact]
    public void A_run_has_the_sizes_before_and_after_it()
    {
        Assert.Equal("Succeeded", Run.Status);
        Assert.Equal(SampleReports.Rescued.StartedAt + SampleReports.Rescued.Duration, Run.EndedAt);
        Assert.Equal(3, Run.Member.Count);
        HistoryMember first = Run.Member[0];
        Assert.Equal((2_140_000_000, 231_000_000), (first.DbSize, first.DbSizeAfter));
        Assert.True(first.IsDefragmented);
        Assert.Equal(SampleReports.Rescued.BytesReclaimed, Run.Member.Sum(member => member.BytesReclaimed));
        Assert.Equal((4711, 812_903), (Run.CompactRevision, Run.CompactRevisionAfter));
    }

    [Fact]
    public void A_plan_an_earlier_run_and_a_run_without_members_have_no_line()
    {
        Assert.Null(
            HistoryMapper.FromReport(
                new EtcdMaintenanceReport { Before = SampleReports.Rescued.Before }.AsResumed(ring: null)
            )
        );
        Assert.Null(HistoryMapper.FromReport(new EtcdMaintenanceReport { Status = EtcdMaintenanceStatus.Unreachable }));
        Assert.Null(
            HistoryMapper.FromReport(
                new EtcdMaintenanceReport
                {
                    Status = EtcdMaintenanceStatus.Planned,
                    Before = SampleReports.Rescued.Before,
                }
            )
        );
        Assert.Null(HistoryMapper.FromStatus([new EtcdMemberStatus { MemberName = "m1" }], SampleHistory.Start));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("12 34")]
    [InlineData("""{"recordType":"EtcdHistory","schemaVersion":2}""")]
    [InlineData("""{"recordType":"EtcdHistory","schemaVersion":1,"clusterName":1}""")]
    [InlineData("""{"schemaVersion":1,"clusterName":"a","clusterId":"b","startedAt":"now","members":[]}""")]
    [InlineData(
        """{"schemaVersion":1,"clusterName":"a","clusterId":"b","startedAt":"2026-08-01T03:00:00Z","members":[{}]}"""
    )]
    [InlineData(
        """{"schemaVersion":1,"clusterName":"a","clusterId":"b","startedAt":"2026-08-01T03:00:00Z","members":3}"""
    )]
    public void A_damaged_line_is_left_out(string line) => Assert.Null(HistoryJson.Read(Encoding.UTF8.GetBytes(line)));

    private static JsonElement Schema([CallerFilePath] string here = "") =>
        JsonDocument
            .Parse(
                File.ReadAllText(
                    Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "history-schema.json")
                )
            )
            .RootElement;
}

using EtcdMaint.Engine.Operations.Health;

namespace EtcdMaint.Engine.Tests.Operations.Health;

/// <summary>What a health check reports about the history of a cluster.</summary>
public sealed class HistoryCheckTests
{
    [Fact]
    public void A_long_history_without_an_API_server_is_reported()
    {
        var history = new ClusterHistory(240_001, 0, 0, null) { WritesPerSecond = 0 };
        EtcdFinding finding = Assert.Single(HistoryCheck.Find(history));
        Assert.Equal(("HistoryNotCompacted", EtcdFindingSeverity.Warning), (finding.FindingId, finding.Severity));
        Assert.StartsWith("The history has 240,001 revisions", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_history_and_an_unknown_one_are_not_reported()
    {
        Assert.Empty(HistoryCheck.Find(new ClusterHistory(1_000, 0, 0, null)));
        Assert.Empty(HistoryCheck.Find(new ClusterHistory(240_001, 0, null, null)));
        Assert.Empty(HistoryCheck.Find(null));
    }

    [Fact]
    public void An_API_server_that_stopped_to_compact_is_reported_with_the_history()
    {
        var api = new ApiServerCompaction(1_000, 2_000) { Age = TimeSpan.FromMinutes(40), IsStale = true };
        var history = new ClusterHistory(50_000, 0, 1_000, api) { WritesPerSecond = 0.1 };
        EtcdFinding[] findings = [.. HistoryCheck.Find(history)];
        Assert.Equal(["ApiServerCompactionStale", "HistoryNotCompacted"], findings.Select(f => f.FindingId));
        Assert.Contains("about 40 min and 48,000 revisions old", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_API_server_is_not_reported_however_long_its_history_is() =>
        Assert.Empty(HistoryCheck.Find(new ClusterHistory(900_000, 0, 1, new ApiServerCompaction(1, 899_000))));

    [Fact]
    public void A_record_that_another_client_damaged_is_reported()
    {
        EtcdFinding finding = Assert.Single(
            HistoryCheck.Find(new ClusterHistory(2_000, 0, 1, new ApiServerCompaction(null, 1_900)))
        );
        Assert.Equal("ApiServerCompactionStale", finding.FindingId);
        Assert.Contains("compact_rev_key", finding.Message, StringComparison.Ordinal);
    }
}

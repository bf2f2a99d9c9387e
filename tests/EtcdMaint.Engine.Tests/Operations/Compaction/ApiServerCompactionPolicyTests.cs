using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>When the API server counts as stopped.</summary>
public sealed class ApiServerCompactionPolicyTests
{
    [Theory]
    [InlineData(150_000, 500.0, false)] // five minutes
    [InlineData(449_000, 500.0, false)]
    [InlineData(451_000, 500.0, true)] // more than 15 minutes
    [InlineData(99_999, 10.0, false)] // can be one burst
    [InlineData(1_000_000, null, false)] // no rate, so the time is unknown
    [InlineData(1_000_000, 0.0, false)]
    [InlineData(1_000_000, 1e-12, true)]
    public void The_API_server_counts_as_stopped_15_minutes_after_its_last_record(
        long revisionsSince,
        double? rate,
        bool expected
    )
    {
        ClusterHistory history = new(5_000_000, 0, 3_000_000, null) { WritesPerSecond = rate };
        var api = new ApiServerCompaction(1, history.Newest - revisionsSince);
        Assert.Equal(
            expected,
            ApiServerCompactionPolicy.Judge(api, ApiServerCompactionPolicy.EstimateAge(api, history), null).IsStale
        );
    }

    [Theory]
    [InlineData(14, null, false)]
    [InlineData(16, null, true)]
    [InlineData(55, 20, false)]
    [InlineData(65, 20, true)]
    public void A_longer_interval_of_the_API_server_is_respected(int minutes, int? interval, bool expected)
    {
        TimeSpan? between = interval is { } known ? TimeSpan.FromMinutes(known) : null;
        var api = new ApiServerCompaction(1, 2);
        Assert.Equal(expected, ApiServerCompactionPolicy.Judge(api, TimeSpan.FromMinutes(minutes), between).IsStale);
    }

    [Fact]
    public void A_record_whose_age_is_unknown_counts_as_new() =>
        Assert.False(ApiServerCompactionPolicy.Judge(new ApiServerCompaction(1, 2), null, null).IsStale);
}

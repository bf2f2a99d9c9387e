using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>How much history is kept, when a compaction is due, and whether the API server still compacts.</summary>
public sealed class HistoryPolicyTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1000, 0, 500.0, 1000)]
    [InlineData(1000, 300, 500.0, 150_000)]
    [InlineData(1000, 300, 1.5, 1000)]
    [InlineData(1000, 300, null, 1000)]
    [InlineData(0, 300, 0.001, 1)]
    [InlineData(0, 0, 500.0, 0)]
    public void Keep_returns_the_larger_of_the_number_and_the_revisions_of_the_time(
        long revisions,
        int seconds,
        double? writesPerSecond,
        long expected
    ) => Assert.Equal(expected, HistoryPolicy.Keep(revisions, TimeSpan.FromSeconds(seconds), writesPerSecond));

    [Theory]
    [InlineData(5_999, 0.0, false)]
    [InlineData(6_000, 0.0, true)]
    [InlineData(40_000, 10.0, false)]
    [InlineData(41_000, 10.0, true)]
    public void A_history_is_long_from_5000_revisions_beyond_those_of_an_hour(
        long length,
        double rate,
        bool expected
    ) =>
        Assert.Equal(
            expected,
            HistoryPolicy.IsLong(History(length) with { WritesPerSecond = rate }, 1000, FiveMinutes)
        );

    [Fact]
    public void A_longer_duration_of_the_user_delays_the_compaction() =>
        Assert.False(HistoryPolicy.IsLong(History(60_000) with { WritesPerSecond = 10 }, 1000, TimeSpan.FromHours(2)));

    [Fact]
    public void A_history_of_unknown_length_is_not_long() =>
        Assert.False(HistoryPolicy.IsLong(History(100_000) with { Compacted = null }, 0, FiveMinutes));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_history_that_the_API_server_compacts_is_never_long(bool isStale, bool expected)
    {
        var api = new ApiServerCompaction(1, 1) { IsStale = isStale };
        ClusterHistory history = History(1_000_000) with { ApiServer = api, WritesPerSecond = 0 };
        Assert.Equal(expected, HistoryPolicy.IsLong(history, 1000, FiveMinutes));
    }

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
        ClusterHistory history = History(2_000_000) with { WritesPerSecond = rate };
        var api = new ApiServerCompaction(1, history.Newest - revisionsSince);
        Assert.Equal(expected, HistoryPolicy.Judge(api, HistoryPolicy.EstimateAge(api, history), null).IsStale);
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
        Assert.Equal(expected, HistoryPolicy.Judge(api, TimeSpan.FromMinutes(minutes), between).IsStale);
    }

    [Fact]
    public void A_record_whose_age_is_unknown_counts_as_new() =>
        Assert.False(HistoryPolicy.Judge(new ApiServerCompaction(1, 2), null, null).IsStale);

    [Theory]
    [InlineData(4_999, false)]
    [InlineData(5_000, true)]
    public void The_time_is_read_only_if_it_can_decide_something(long revisions, bool expected)
    {
        Assert.Equal(expected, HistoryPolicy.NeedsTime(History(revisions)));
        var unknown = new ClusterHistory(revisions, 0, null, new ApiServerCompaction(0, 0));
        Assert.Equal(expected, HistoryPolicy.NeedsTime(unknown));
    }

    private static ClusterHistory History(long length) => new(5_000_000, 0, 5_000_000 - length, null);
}

using EtcdMaint.Engine.Operations.Compaction;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>How much history is kept, and when a compaction is due.</summary>
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

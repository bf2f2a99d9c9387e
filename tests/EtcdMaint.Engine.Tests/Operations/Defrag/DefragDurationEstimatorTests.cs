using EtcdMaint.Engine.Operations.Defrag;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

public sealed class DefragDurationEstimatorTests
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(Gigabyte, 10.05)]
    [InlineData(8 * Gigabyte, 80.05)]
    public void Begins_with_the_slow_end(long inUse, double seconds) =>
        Assert.Equal(seconds, new DefragDurationEstimator().Predict(inUse).TotalSeconds, 3);

    [Theory]
    [InlineData(0, 60)]
    [InlineData(Gigabyte, 60)]
    [InlineData(8 * Gigabyte, 240.15)]
    public void The_limit_is_three_times_the_slow_end_and_a_minute_at_least(long inUse, double seconds) =>
        Assert.Equal(seconds, DefragDurationEstimator.Limit(inUse).TotalSeconds, 3);

    [Fact]
    public void The_slowest_member_so_far_speaks_for_the_rest()
    {
        var estimate = new DefragDurationEstimator();
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(2.05));
        Assert.Equal(4.05, estimate.Predict(2 * Gigabyte).TotalSeconds, 3);
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(3.05));
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(1.05));
        Assert.Equal(6.05, estimate.Predict(2 * Gigabyte).TotalSeconds, 3);
    }

    [Fact]
    public void A_nearly_empty_member_teaches_nothing()
    {
        var estimate = new DefragDurationEstimator();
        estimate.Learn(999_999, TimeSpan.FromSeconds(5));
        Assert.Equal(10.05, estimate.Predict(Gigabyte).TotalSeconds, 3);
    }
}

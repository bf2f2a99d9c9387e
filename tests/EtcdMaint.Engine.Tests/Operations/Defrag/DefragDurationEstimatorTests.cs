using EtcdMaint.Engine.Operations.Defrag;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

public sealed class DefragDurationEstimatorTests
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(Gigabyte, 10.05)]
    [InlineData(8 * Gigabyte, 80.05)]
    public void The_first_prediction_assumes_a_slow_disk(long inUse, double seconds) =>
        Assert.Equal(seconds, new DefragDurationEstimator().Predict(inUse).TotalSeconds, 3);

    [Theory]
    [InlineData(0, 60)]
    [InlineData(Gigabyte, 60)]
    [InlineData(8 * Gigabyte, 240.15)]
    public void The_limit_is_three_times_the_slow_prediction_and_at_least_a_minute(long inUse, double seconds) =>
        Assert.Equal(seconds, DefragDurationEstimator.Limit(inUse).TotalSeconds, 3);

    [Fact]
    public void The_slowest_member_so_far_determines_later_predictions()
    {
        var estimate = new DefragDurationEstimator();
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(2.05));
        Assert.Equal(4.05, estimate.Predict(2 * Gigabyte).TotalSeconds, 3);
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(3.05));
        estimate.Learn(Gigabyte, TimeSpan.FromSeconds(1.05));
        Assert.Equal(6.05, estimate.Predict(2 * Gigabyte).TotalSeconds, 3);
    }

    [Fact]
    public void A_nearly_empty_member_does_not_change_predictions()
    {
        var estimate = new DefragDurationEstimator();
        estimate.Learn(999_999, TimeSpan.FromSeconds(5));
        Assert.Equal(10.05, estimate.Predict(Gigabyte).TotalSeconds, 3);
    }
}

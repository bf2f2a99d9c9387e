using EtcdMaint.Engine.Operations.Defrag;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

public sealed class DefragPolicyTests
{
    private const long Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData(1000, 16, true)]
    [InlineData(1000, 15, false)]
    [InlineData(100, 5, true)]
    [InlineData(100, 4, false)]
    [InlineData(0, 0, false)]
    public void Without_a_rule_only_members_with_almost_nothing_to_gain_are_skipped(
        long size,
        long free,
        bool isWorth
    ) => AssertWorth(isWorth, Request(), Status(size, free));

    [Theory]
    [InlineData(0.5, null, 100, 50, true)]
    [InlineData(0.5, null, 100, 49, false)]
    [InlineData(null, 50 * Mebibyte, 1000, 50, true)]
    [InlineData(null, 50 * Mebibyte, 1000, 49, false)]
    [InlineData(0.5, 60 * Mebibyte, 100, 55, false)]
    [InlineData(0.5, 50 * Mebibyte, 200, 55, false)]
    [InlineData(0.0, null, 100, 0, true)]
    public void All_given_rules_must_hold(double? ratio, long? bytes, long size, long free, bool isWorth) =>
        AssertWorth(
            isWorth,
            Request() with
            {
                MinimumFragmentationRatio = ratio,
                MinimumFreeBytes = bytes,
            },
            Status(size, free)
        );

    [Fact]
    public void A_rule_of_the_user_replaces_the_built_in_rule() =>
        AssertWorth(true, Request() with { When = _ => Task.FromResult(true) }, Status(100, 0));

    [Fact]
    public void Free_pages_are_ignored_for_a_member_that_may_show_them_late()
    {
        var policy = new DefragPolicy(Request());
        Assert.NotNull(policy.EvaluateSizes(Status(100, 0), mayShowFreePagesLate: false));
        Assert.Null(policy.EvaluateSizes(Status(100, 0), mayShowFreePagesLate: true));
    }

    [Theory]
    [InlineData(100, 40, 125, true)]
    [InlineData(100, 13, 125, true)]
    [InlineData(100, 12, 125, false)]
    [InlineData(100, 40, 126, false)]
    public void Near_the_quota_a_member_is_worth_it_if_a_tenth_of_the_quota_is_returned(
        long size,
        long free,
        long quota,
        bool isWorth
    )
    {
        DefragRequest rules = Request() with { MinimumFragmentationRatio = 0.45, MinimumFreeBytes = 100 * Mebibyte };
        EtcdMemberStatus status = Status(size, free, quota);
        AssertWorth(isWorth, rules with { RelievesQuota = true }, status);
        AssertWorth(false, rules, status);
    }

    [Fact]
    public void The_reason_shows_each_rule_with_its_value_and_its_limit() =>
        Assert.Equal(
            "204 MB free, limit 105 MB: yes; fragmentation 35.9 %, limit 45 %: no (-MinimumFragmentationRatio)",
            new DefragPolicy(
                Request() with
                {
                    MinimumFragmentationRatio = 0.45,
                    MinimumFreeBytes = 100 * Mebibyte,
                }
            ).EvaluateSizes(Status(543, 195), false)
        );

    [Theory]
    [InlineData(0.45, "45 %")]
    [InlineData(0.4499, "44.9 %")]
    [InlineData(0.29, "29 %")]
    [InlineData(null, "0 %")]
    public void A_value_below_a_limit_never_looks_like_the_limit(double? ratio, string text) =>
        Assert.Equal(text, DefragPolicy.Percent(ratio));

    private static void AssertWorth(bool isWorth, DefragRequest request, EtcdMemberStatus status) =>
        Assert.Equal(isWorth, new DefragPolicy(request).EvaluateSizes(status, false) is null);

    private static DefragRequest Request() => new() { Targets = [], CallTimeout = TimeSpan.FromSeconds(15) };

    private static EtcdMemberStatus Status(long size, long free, long? quota = null) =>
        new()
        {
            DbSize = size * Mebibyte,
            DbSizeInUse = (size - free) * Mebibyte,
            QuotaBytes = quota * Mebibyte,
        };
}

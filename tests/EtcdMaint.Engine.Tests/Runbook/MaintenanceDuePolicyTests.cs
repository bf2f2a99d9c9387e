using EtcdMaint.Engine.Runbook;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A cluster that needs no maintenance shows each rule with its value and its limit.</summary>
public sealed class MaintenanceDuePolicyTests
{
    private static readonly MaintenanceRequest Rules = new()
    {
        CallTimeout = TimeSpan.FromSeconds(15),
        Defrag = new DefragRequest
        {
            Targets = [],
            CallTimeout = TimeSpan.FromSeconds(15),
            MinimumFragmentationRatio = 0.45,
            MinimumFreeBytes = 100_000_000,
        },
    };

    private static readonly EtcdHealthReport Health = new()
    {
        MemberStatus = [Status("small-1", 500_000_000, 480_000_000), Status("big-1", 570_000_000, 365_000_000)],
    };

    [Fact]
    public async Task Each_rule_is_shown_for_the_member_with_the_most_free_pages()
    {
        Assert.Null(await MaintenanceDuePolicy.EvaluateAsync(Health, Rules));
        Assert.Equal(
            "big-1 has the most free pages: 205 MB free, limit 100 MB: yes; fragmentation 35.9 %, limit 45 %: no "
                + "(-MinimumFragmentationRatio); 57 % of its quota used, limit 80 %: no",
            MaintenanceDuePolicy.DescribeMost(Health, Rules)
        );
    }

    [Fact]
    public void The_rule_of_the_user_is_shown_too() =>
        Assert.Equal(
            "big-1 has the most free pages: 205 MB free, fragmentation 35.9 %; -When: no; 57 % of its "
                + "quota used, limit 80 %: no",
            MaintenanceDuePolicy.DescribeMost(
                Health,
                Rules with
                {
                    Defrag = Rules.Defrag with
                    {
                        MinimumFragmentationRatio = null,
                        MinimumFreeBytes = null,
                        When = _ => Task.FromResult(false),
                    },
                }
            )
        );

    [Theory]
    [InlineData(2_000, null, "2,000 revisions of history, limit 6,000: no")]
    [InlineData(240_000, "240,000 revisions of history, not compacted", null)]
    public async Task A_long_history_makes_maintenance_due(long length, string? due, string? shown)
    {
        var health = new EtcdHealthReport
        {
            MemberStatus = Health.MemberStatus,
            History = new ClusterHistory(240_001, 0, 240_001 - length, null) { WritesPerSecond = 0 },
        };
        Assert.Equal(due, await MaintenanceDuePolicy.EvaluateAsync(health, Rules));
        if (shown is not null)
            Assert.EndsWith(shown, MaintenanceDuePolicy.DescribeMost(health, Rules), StringComparison.Ordinal);
    }

    private static EtcdMemberStatus Status(string name, long size, long inUse) =>
        new()
        {
            MemberName = name,
            Member = new EtcdMember { MemberName = name },
            DbSize = size,
            DbSizeInUse = inUse,
            QuotaBytes = 1_000_000_000,
            IsReachable = true,
        };
}

using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Upgrades;
using EtcdMaint.Engine.Tests.Safety.Gates;

namespace EtcdMaint.Engine.Tests.Operations.Upgrades;

/// <summary>Which steps and mixtures of versions can be upgraded, and in which order.</summary>
public sealed class VersionCheckTests
{
    [Theory]
    [InlineData("3.6", "3.5.30 3.5.30 3.5.30")]
    [InlineData("3.6", "3.5.30 3.6.14 3.5.30", "RollingUpgrade")]
    [InlineData("3.6", "3.6.14 3.6.14 3.6.14", "UpgradeDone")]
    [InlineData("3.6", "3.5.30 3.5.28 3.5.30", "MixedVersions")]
    [InlineData("3.5.30", "3.5.16 3.5.28 3.5.30", "RollingUpgrade")]
    [InlineData("3.5.30", "3.5.16 3.5.28 3.5.16")]
    [InlineData("3.6", "3.4.23 3.4.23 3.4.23", "UpgradeSkipsMinor")]
    [InlineData("3.6", "3.4.23 3.5.30 3.5.30", "UpgradeSkipsMinor", "MixedVersions")]
    [InlineData("3.5", "3.6.14 3.6.14 3.6.14", "UpgradeBackwards")]
    [InlineData("3.6", "3.5.30 3.7.1 3.5.30", "UpgradeBackwards", "MixedVersions")]
    [InlineData("3.8", "3.7.1 3.7.1 3.7.1", "ReleaseNotChecked")]
    [InlineData("3.4", "3.3.27 3.3.27 3.3.27", "ReleaseNotChecked")]
    [InlineData("3.8.1", "3.8.0 3.8.0 3.8.0", "ReleaseNotChecked")]
    [InlineData("3.4.45", "3.4.23 3.4.23 3.4.23")]
    [InlineData("4.0", "3.7.1 3.7.1 3.7.1", "UpgradeSkipsMinor", "ReleaseNotChecked")]
    [InlineData("3.7", "3.6.14 3.6.14 3.6.14/3.5.0", "StorageVersionBehind")]
    [InlineData("3.6.14", "3.6.2 3.6.2 3.6.2/3.5.0")]
    [InlineData("3.7", "3.7.1 3.6.14 3.6.14", "RollingUpgrade")]
    [InlineData("3.6.14", "3.6.5 3.5.30 3.5.30", "RollingUpgrade")]
    [InlineData("3.6.14", "3.6.5 3.5.30 3.5.28", "MixedVersions")]
    [InlineData("3.7", "3.7.0-rc.0 3.7.0-rc.0 3.7.0-rc.0")]
    public void Each_mixture_of_versions_has_its_findings(string to, string versions, params string[] expected) =>
        Assert.Equal(expected, VersionCheck.Find(Context(to, versions)).Select(f => f.FindingId));

    [Theory]
    [InlineData("3.5.20", "All members run 3.5.20 or later already.")]
    [InlineData("3.5", "All members run 3.5 already.")]
    public void Members_that_are_done_run_the_release_or_a_later_one(string to, string message) =>
        Assert.Equal(message, Assert.Single(VersionCheck.Find(Context(to, "3.5.30 3.5.31 3.5.30"))).Message);

    /// <summary>Releases before 3.6.5 can fail to detect the version, and waiting does not help.</summary>
    [Theory]
    [InlineData("3.6.2", "update m0, m1 to 3.6.5 or later")]
    [InlineData("3.6.14", "read the log")]
    public void A_storage_that_stays_behind_needs_the_release_that_detects_its_version(string version, string action)
    {
        EtcdFinding finding = Assert.Single(VersionCheck.Find(Context("3.7", $"{version}/3.5.0 {version}/3.5.0")));
        Assert.Equal("StorageVersionBehind", finding.FindingId);
        Assert.Contains(action, finding.RecommendedAction);
    }

    [Fact]
    public void A_member_whose_version_cannot_be_read_is_named_and_never_done()
    {
        UpgradeContext context = Context("3.6", "3.6.14 unknown 3.6.14");
        EtcdFinding finding = Assert.Single(VersionCheck.FindUnread(context));
        Assert.Equal(
            ("The release was not checked: m1 does not report a version that can be read.", EtcdUpgradeCheck.Release),
            (finding.Message, finding.NotChecked)
        );
        Assert.False(context.IsDone);
        Assert.Empty(UpgradeOrdering.Order(context));
        Assert.Empty(VersionCheck.FindUnread(Context("3.6", "3.5.30 3.5.30")));
    }

    [Theory]
    [InlineData("3.6", "3.5.30 3.5.30 3.5.30", "m1 m2 m0")]
    [InlineData("3.6", "3.5.30 3.6.14 3.5.30", "m2 m0")]
    [InlineData("3.6", "3.6.14 3.6.14 3.5.30", "m2")]
    [InlineData("3.6.14", "3.6.13 3.6.14 3.6.15", "m0")]
    public void The_followers_come_first_and_the_leader_last(string to, string versions, string order) =>
        Assert.Equal(order.Split(' '), UpgradeOrdering.Order(Context(to, versions)));

    [Theory]
    [InlineData("3.6", "3.5.16 3.5.16 3.5.16", "ZombieMembers", "PromotionNotPersisted", "V2ToolsMissing")]
    [InlineData("3.6", "3.5.22 3.5.22 3.5.22", "ZombieMembers", "PromotionCarriedOn", "V2ToolsMissing")]
    [InlineData("3.6", "3.5.26 3.5.26 3.5.26", "V2ToolsMissing")]
    [InlineData("3.6", "3.5.32 3.5.32 3.5.32")]
    [InlineData("3.6.2", "3.5.32 3.5.32 3.5.32", "PromotionReplayFails", "V2CheckWrong")]
    [InlineData("3.6", "3.6.2 3.5.32 3.5.32", "PromotionReplayFails", "V2CheckWrong")]
    [InlineData("3.7", "3.6.10 3.6.10 3.6.10", "RollingUpgradeFrom36")]
    [InlineData("3.7", "3.6.11 3.6.11 3.6.11")]
    [InlineData(
        "3.5.2",
        "3.4.45 3.4.45 3.4.45",
        "DataInconsistent",
        "SnapshotIndexOverwritten",
        "AlarmListBreaksStart"
    )]
    [InlineData("3.6", "3.6.14 3.6.14 3.6.14")]
    public void Known_bugs_of_the_members_and_of_the_release_are_named(
        string to,
        string versions,
        params string[] expected
    )
    {
        EtcdFinding[] found = [.. KnownBugCheck.Find(Context(to, versions))];
        Assert.Equal(expected, found.Select(f => f.FindingId).Where(id => id != "PatchRecommended"));
        Assert.All(found.Where(f => f.FindingId != "PatchRecommended"), f => Assert.NotNull(f.Source));
    }

    /// <summary>
    /// A release to which a cluster must not be upgraded is an error. A member that runs it already has the severity of
    /// the bug.
    /// </summary>
    [Theory]
    [InlineData("3.6.2", "3.5.30 3.5.30", "Error Error", false)]
    [InlineData("3.6", "3.6.2 3.5.30", "Error Warning", false)]
    [InlineData("3.6", "3.5.30 3.5.30", "", true)]
    public void A_bug_of_the_release_blocks_the_upgrade_and_one_of_its_patch_releases_warns(
        string to,
        string versions,
        string severities,
        bool canUpgrade
    )
    {
        EtcdFinding[] found = [.. KnownBugCheck.Find(Context(to, versions))];
        Assert.Equal(
            severities,
            string.Join(
                ' ',
                found.Where(f => f.FindingId is "PromotionReplayFails" or "V2CheckWrong").Select(f => f.Severity)
            )
        );
        Assert.Equal(
            [EtcdFindingSeverity.Warning, EtcdFindingSeverity.Warning],
            found.Where(f => f.FindingId is "V2ToolsMissing" or "PatchRecommended").Select(f => f.Severity)
        );
        Assert.Equal(canUpgrade, new EtcdUpgradeReport { Finding = [.. found], Order = ["m1"] }.CanUpgrade);
    }

    /// <summary>The first member leads. A version can be followed by that of its storage.</summary>
    private static UpgradeContext Context(string to, string versions)
    {
        MemberReading[] readings =
        [
            .. versions
                .Split(' ')
                .Select(v => v.Split('/'))
                .Select(
                    (v, i) =>
                        GateStates.Up(
                            i,
                            s =>
                                s with
                                {
                                    Version = v[0],
                                    StorageVersion =
                                        v.Length > 1 ? v[1]
                                        : versions.Contains("3.5.", StringComparison.Ordinal) ? "3.5.0"
                                        : v[0].StartsWith("3.7", StringComparison.Ordinal)
                                        && !versions.Contains("3.6.", StringComparison.Ordinal)
                                            ? "3.7.0"
                                        : "3.6.0",
                                }
                        )
                ),
        ];
        return new UpgradeContext(
            UpgradeTarget.Parse(to),
            null!,
            GateStates.Of(readings),
            new CallBudget(TimeSpan.FromSeconds(1), CancellationToken.None)
        );
    }
}

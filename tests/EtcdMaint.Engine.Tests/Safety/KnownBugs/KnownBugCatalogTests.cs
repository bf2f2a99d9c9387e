using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Safety.KnownBugs;

namespace EtcdMaint.Engine.Tests.Safety.KnownBugs;

/// <summary>The table of known bugs, and the page that shows it.</summary>
public sealed class KnownBugCatalogTests
{
    private const string Header =
        "| ID | Severity | Matters for | Affected | Fixed in | Effect | Source |\n|---|---|---|---|---|---|---|\n";

    [Fact]
    public void Each_bug_has_an_ID_an_effect_and_a_source()
    {
        Assert.Equal(KnownBugCatalog.All.Count, KnownBugCatalog.All.Select(b => b.Id).Distinct().Count());
        Assert.All(
            KnownBugCatalog.All,
            bug =>
            {
                Assert.Matches("^[A-Z][A-Za-z0-9]+$", bug.Id);
                Assert.DoesNotMatch("[.]$", bug.Effect);
                Assert.StartsWith("https://", bug.Source, StringComparison.Ordinal);
                Assert.NotEqual(BugConcerns.None, bug.Concerns);
                Assert.NotEmpty(bug.Affected);
            }
        );
    }

    [Fact]
    public void Each_range_lies_in_one_minor_release_and_no_bug_has_two_of_the_same()
    {
        Assert.All(
            KnownBugCatalog.All.SelectMany(b => b.Affected),
            range =>
                Assert.True(
                    range.FixedIn is not { } end
                        || (
                            (end.Major, end.Minor) == (range.First.Major, range.First.Minor)
                            && end.Build > range.First.Build
                        ),
                    $"{range}"
                )
        );
        Assert.All(
            KnownBugCatalog.All,
            bug => Assert.Equal(bug.Affected.Length, bug.Affected.Select(r => r.First.Minor).Distinct().Count())
        );
    }

    /// <summary>The next step of an upgrade is checked from the minor release before only.</summary>
    [Fact]
    public void Each_bug_that_blocks_an_upgrade_affects_the_minor_release_before_it() =>
        Assert.All(
            KnownBugCatalog.All.Where(b => b.BlocksUpgradeTo is not null),
            bug => Assert.Contains(bug.Affected, r => r.First.Minor == bug.BlocksUpgradeTo!.Minor - 1)
        );

    /// <summary>
    /// The upgrade guides of etcd require 3.5.32 and 3.6.11. From 3.5.26 on, only the tools for the v2 store are
    /// missing.
    /// </summary>
    [Theory]
    [InlineData("3.5.25", "3.6", EtcdFindingSeverity.Error)]
    [InlineData("3.5.26", "3.6", EtcdFindingSeverity.Warning)]
    [InlineData("3.5.31", "3.6", EtcdFindingSeverity.Warning)]
    [InlineData("3.5.32", "3.6", null)]
    [InlineData("3.5.16", "3.6", EtcdFindingSeverity.Error)]
    [InlineData("3.6.10", "3.7", EtcdFindingSeverity.Error)]
    [InlineData("3.6.11", "3.7", null)]
    [InlineData("3.4.45", "3.5", EtcdFindingSeverity.Error)]
    public void Below_the_floor_of_the_upgrade_guide_a_bug_blocks_or_the_missing_tools_warn(
        string from,
        string to,
        EtcdFindingSeverity? expected
    ) =>
        Assert.Equal(
            expected,
            KnownBugCatalog
                .Of(Version.Parse(from))
                .Where(b => b.BlocksUpgradeTo == Version.Parse(to))
                .Max(b => (EtcdFindingSeverity?)b.Severity)
        );

    [Theory]
    [InlineData("3.4", "3.4.44")]
    [InlineData("3.5", "3.5.33")]
    [InlineData("3.6", "3.6.14")]
    [InlineData("3.7", "3.7.1")]
    [InlineData("3.8", null)]
    public void The_recommended_patch_release_has_the_last_fix(string minor, string? expected) =>
        Assert.Equal(
            expected is null ? null : Version.Parse(expected),
            KnownBugCatalog.FindRecommended(Version.Parse(minor))
        );

    [Theory]
    [InlineData("NegativeLeaseLost", "3.4.0-3.4.19 3.5.0-3.5.2")]
    [InlineData("NestedTransactionBypass", "3.4.0-3.4.41 3.5.0-3.5.27 3.6.0-3.6.8")]
    [InlineData("PutInTransactionBypass", "3.4.0-3.4.43 3.5.0-3.5.29 3.6.0-3.6.10")]
    [InlineData("WatchBypass", "3.4.0-3.4.45 3.5.0-3.5.32 3.6.0-3.6.13 3.7.0-3.7.0")]
    [InlineData("RevokedCertificateAccepted", "3.4.25-3.4.45 3.5.8-3.5.31 3.6.0-3.6.12")]
    [InlineData("HandshakeNeverEnds", "3.4.0-3.4.45 3.5.0-3.5.32 3.6.0-3.6.13 3.7.0-3.7.0")]
    public void A_bug_affects_the_releases_before_its_fix_and_no_others(string id, string ranges)
    {
        Version[] affected =
        [
            .. from minor in Enumerable.Range(4, 5)
            from patch in Enumerable.Range(0, 46)
            let version = new Version(3, minor, patch)
            where (minor > 4 || patch <= 45) && KnownBugCatalog.Get(id).Affects(version)
            select version,
        ];
        Assert.Equal(
            ranges,
            string.Join(' ', affected.GroupBy(v => v.Minor).Select(minor => $"{minor.Min()}-{minor.Max()}"))
        );
    }

    [Fact]
    public void A_pre_release_has_the_bugs_of_the_first_release()
    {
        Version candidate = EtcdVersion.Parse("3.5.0-rc.1")!;
        Assert.True(new BugRange("3.5.0", "3.5.3").Contains(candidate));
        Assert.False(new BugRange("3.5.1", "3.5.3").Contains(candidate));
    }

    [Theory]
    [InlineData("3.5.0", "3.5.3", "3.5.0 to 3.5.2", "3.5.2", "3.5.3")]
    [InlineData("3.5.3", "3.5.4", "3.5.3", "3.5.3", "3.5.4")]
    [InlineData("3.4.0", null, "3.4.0 and later 3.4", "3.4.45", "3.5.0")]
    public void A_range_ends_before_the_release_with_the_fix(
        string first,
        string? fixedIn,
        string text,
        string inside,
        string outside
    )
    {
        var range = new BugRange(first, fixedIn);
        Assert.Equal(text, range.ToString());
        Assert.True(range.Contains(range.First));
        Assert.True(range.Contains(Version.Parse(inside)));
        Assert.False(range.Contains(Version.Parse(outside)));
        Assert.False(range.Contains(new Version(3, range.First.Minor - 1, 40)));
    }

    [Fact]
    public void The_page_shows_the_same_table()
    {
        string expected = Header + string.Concat(KnownBugCatalog.All.Select(Row));
        string page = File.ReadAllText(Page()).ReplaceLineEndings("\n");
        Assert.True(
            page.Contains(expected, StringComparison.Ordinal),
            $"docs/known-bugs.md needs this table:\n{expected}"
        );
    }

    private static string Row(KnownBug bug) =>
        $"| `{bug.Id}` | {bug.Severity} | {bug.Concerns} | {string.Join("; ", bug.Affected.AsEnumerable())} "
        + $"| {(bug.FixedIn.Length > 0 ? bug.FixedIn : "-")} "
        + $"| {char.ToUpperInvariant(bug.Effect[0])}{bug.Effect[1..]}. "
        + $"| [{bug.ShortSource.Replace("https://", "", StringComparison.Ordinal).TrimEnd('/')}]({bug.Source}) |\n";

    private static string Page()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EtcdMaint.PowerShell.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder!, "docs", "known-bugs.md");
    }
}

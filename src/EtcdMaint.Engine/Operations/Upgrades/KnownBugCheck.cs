using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Engine.Safety.KnownBugs;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks the known bugs that make an upgrade from the releases of the members unsafe, and those of the release itself.
/// </summary>
internal static class KnownBugCheck
{
    public static IEnumerable<EtcdFinding> Find(UpgradeContext context) =>
        context.IsDone ? [] : [.. FindFloors(context), .. FindSpoiled(context), .. FindRecommended(context)];

    /// <summary>
    /// The bugs because of which a member must, or with a warning should, first be updated within its own minor
    /// release.
    /// </summary>
    private static IEnumerable<EtcdFinding> FindFloors(UpgradeContext context) =>
        KnownBugCatalog
            .All.Where(b => b.BlocksUpgradeTo == context.To.Minor && !b.NeedsAuth)
            .SelectMany(bug =>
                context
                    .Remaining.Where(m => bug.Affects(m.Version))
                    .GroupBy(m => m.Version)
                    .Select(members =>
                        Of(bug, members.Key, $" of {UpgradeContext.Names(members)}", UpdateFirst(bug, members.Key))
                    )
            );

    private static string UpdateFirst(KnownBug bug, Version version) =>
        bug.Affected.First(r => r.Contains(version)).FixedIn is { } end
            ? $"Update these members to {end} or later first, one after the other."
            : "Upgrade to the next minor release first.";

    /// <summary>The bugs of the release, and of the members that run it already.</summary>
    private static IEnumerable<EtcdFinding> FindSpoiled(UpgradeContext context)
    {
        IEnumerable<KnownBug> spoiling = KnownBugCatalog.All.Where(b => b.SpoilsUpgradeTo);
        foreach (KnownBug bug in spoiling)
        {
            if (context.To.IsPatch && bug.Affects(context.To.Version))
                yield return Of(bug, context.To.Version, "", $"Upgrade to {bug.FixedIn} or later.") with
                {
                    Severity = Error,
                };
            foreach (
                IGrouping<Version, VersionedMember> members in context
                    .Members.Except(context.Remaining)
                    .Where(m => bug.Affects(m.Version))
                    .GroupBy(m => m.Version)
            )
                yield return Of(
                    bug,
                    members.Key,
                    $" of {UpgradeContext.Names(members)}",
                    $"Update these members to {bug.FixedIn} or later."
                );
        }
    }

    private static IEnumerable<EtcdFinding> FindRecommended(UpgradeContext context)
    {
        if (
            KnownBugCatalog.FindRecommended(context.To.Minor) is { } recommended
            && !(context.To.IsPatch && context.To.Version >= recommended)
        )
            yield return Findings.About(
                null,
                ErrorIds.PatchRecommended,
                Warning,
                $"Releases of {context.To.Minor} before {recommended} have known bugs.",
                $"Upgrade to {recommended} or later."
            );
    }

    private static EtcdFinding Of(KnownBug bug, Version version, string whose, string action) =>
        Findings.About(
            null,
            bug.Id,
            bug.Severity,
            $"etcd {version}{whose} {bug.Effect} ({bug.ShortSource}).",
            action
        ) with
        {
            Source = bug.Source,
        };
}

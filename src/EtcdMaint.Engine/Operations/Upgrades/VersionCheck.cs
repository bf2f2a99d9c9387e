using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Engine.Safety.KnownBugs;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks that the upgrade is one step to the next minor release or to a later patch release, and that the members are
/// on one version, except for those that a running upgrade has already reached.
/// </summary>
internal static class VersionCheck
{
    /// <summary>The first release with a version of its storage.</summary>
    private static readonly Version FirstWithStorageVersion = new(3, 6);

    /// <summary>The first release whose bugs the module knows. No release of it removed a flag.</summary>
    private static readonly Version FirstKnown = new(3, 4);

    public static IEnumerable<EtcdFinding> Find(UpgradeContext context) =>
        [.. FindStep(context), .. FindMixture(context), .. FindStorage(context)];

    public static IEnumerable<EtcdFinding> FindUnread(UpgradeContext context)
    {
        string[] unread = [.. context.Unread.Select(m => m.ToString())];
        if (unread.Length > 0)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Release,
                $"{string.Join(", ", unread)} {(unread.Length == 1 ? "does" : "do")} not report a version that can be "
                    + "read",
                "Find out which release these members run, for example with etcd --version."
            );
    }

    private static IEnumerable<EtcdFinding> FindStep(UpgradeContext context)
    {
        UpgradeTarget to = context.To;
        if (context.IsDone)
        {
            yield return Findings.About(null, ErrorIds.UpgradeDone, Information, AlreadyRun(to));
            yield break;
        }
        VersionedMember[] newer = [.. context.Members.Where(m => EtcdVersion.MinorOf(m.Version) > to.Minor)];
        if (newer.Length > 0)
            yield return UpgradeFindings.Blocks(
                ErrorIds.UpgradeBackwards,
                $"{UpgradeContext.Names(newer)} {(newer.Length == 1 ? "runs" : "run")} a release after {to}.",
                "Specify a later release. To go back to an earlier release, follow the downgrade guide of etcd."
            );
        if (to.Minor.Major > context.Lowest.Major)
            yield return UpgradeFindings.Blocks(
                ErrorIds.UpgradeSkipsMinor,
                $"From {context.Lowest} to {to} is more than one minor release: it is another major release.",
                "Specify the next minor release."
            );
        else if (context.Lowest.Major == to.Minor.Major && to.Minor.Minor - context.Lowest.Minor > 1)
            yield return UpgradeFindings.Blocks(
                ErrorIds.UpgradeSkipsMinor,
                $"From {context.Lowest} to {to} is more than one minor release. etcd supports one at a time.",
                $"Upgrade to {context.Lowest.Major}.{context.Lowest.Minor + 1} first."
            ) with
            {
                Source = "https://etcd.io/docs/v3.6/upgrades/upgrading-etcd/",
            };
        bool isKnown = to.Minor == FirstKnown || UpgradeTarget.Known.Contains(to.Minor.ToString());
        if (!isKnown || context.LowestMinor < FirstKnown)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Release,
                $"this version of the module does not know the flags and bugs of an upgrade from {context.Lowest} to "
                    + $"{to}",
                "Update the module, or read the upgrade guide and the changelog of etcd."
            );
    }

    private static string AlreadyRun(UpgradeTarget to) =>
        $"All members run {to}{(to.IsPatch ? " or later" : "")} already.";

    /// <summary>
    /// Members that run the minor release already, if only an earlier patch release, do not decide: their next step is
    /// a patch update, which can begin with different versions.
    /// </summary>
    private static IEnumerable<EtcdFinding> FindMixture(UpgradeContext context)
    {
        VersionedMember[] remaining = [.. context.Remaining];
        VersionedMember[] before = [.. remaining.Where(m => !context.To.IsSameMinor(m.Version))];
        if (before.Length > 0)
            remaining = before;
        VersionedMember[] reached = [.. context.Members.Except(remaining)];
        Version[] versions = [.. before.Select(m => m.Version).Distinct().Order()];
        if (versions.Length > 1)
            yield return UpgradeFindings.Blocks(
                ErrorIds.MixedVersions,
                $"The members run different versions: {string.Join(", ", versions.AsEnumerable())}.",
                $"Bring all members to {versions[^1]} first."
            );
        else if (reached.Length > 0 && remaining.Length > 0)
            yield return Findings.About(
                null,
                ErrorIds.RollingUpgrade,
                Information,
                $"An upgrade is running: {Describe(reached)}, and {Describe(remaining)}.",
                "Continue it with the next member. Until all members are upgraded, they can go back to the release "
                    + "before."
            );
    }

    private static string Describe(VersionedMember[] members) =>
        string.Join(
            ", ",
            members
                .GroupBy(m => m.Version)
                .OrderByDescending(g => g.Key)
                .Select(g => $"{UpgradeContext.Names(g)} with {g.Key}")
        );

    /// <summary>
    /// From 3.6 on, the storage has a version, which rises a few seconds after the last member of a cluster was
    /// upgraded. An update within a minor release does not need it, and is the way out if a bug prevents it.
    /// </summary>
    private static IEnumerable<EtcdFinding> FindStorage(UpgradeContext context)
    {
        if (context.LowestMinor < FirstWithStorageVersion || context.To.Minor <= context.LowestMinor)
            yield break;
        VersionedMember[] behind =
        [
            .. context.Members.Where(m =>
                EtcdVersion.Parse(m.Reading.Status!.StorageVersion) is not { } storage || storage < context.LowestMinor
            ),
        ];
        if (behind.Length == 0)
            yield break;
        KnownBug unknown = KnownBugCatalog.Get("StorageVersionUnknown");
        VersionedMember[] affected = [.. behind.Where(m => unknown.Affects(m.Version))];
        yield return UpgradeFindings.Blocks(
            ErrorIds.StorageVersionBehind,
            $"The storage of {UpgradeContext.Names(behind)} does not have version {context.LowestMinor} yet, so "
                + "the upgrade before is not complete.",
            "Wait some seconds and check again. If it remains, "
                + (
                    affected.Length > 0
                        ? $"update {UpgradeContext.Names(affected)} to {unknown.FixedIn} or later: earlier "
                            + "releases can fail to detect the version."
                        : "read the log of the member."
                )
        ) with
        {
            Source = affected.Length > 0 ? unknown.Source : null,
        };
    }
}

using EtcdMaint.Engine.Safety.KnownBugs;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Names the v2 store, which no access shows. etcd 3.6 does not start if it contains data of users, which is possible
/// if <c>--enable-v2</c> was ever set.
/// </summary>
internal static class V2StoreCheck
{
    private static readonly Version FirstWithoutV2 = new(3, 6);

    public static IEnumerable<EtcdFinding> Find(UpgradeContext context)
    {
        VersionedMember[] concerned = [.. context.Remaining.Where(m => m.Version < FirstWithoutV2)];
        if (context.To.Minor != FirstWithoutV2 || concerned.Length == 0)
            yield break;
        yield return UpgradeFindings.NotChecked(
            EtcdUpgradeCheck.V2Store,
            $"only etcdutl can read it, on {UpgradeContext.Names(concerned)}",
            "If --enable-v2 was ever set since the cluster was created, run etcdutl check v2store of "
                + $"{KnownBugCatalog.Get("V2CheckIncomplete").FixedIn} or later on each of them."
        ) with
        {
            Source = "https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/",
        };
    }
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Finds the flags, variables and lines of config files that the release no longer knows. etcd does not start with an
/// unknown flag, and ignores an unknown variable or line, so that the setting is lost.
/// </summary>
internal static class FlagCheck
{
    private const string Unseen = "this access does not show its settings";

    public static async Task<IReadOnlyList<EtcdFinding>> FindAsync(UpgradeContext context)
    {
        VersionedMember[] concerned =
        [
            .. context.Remaining.Where(m => EtcdVersion.MinorOf(m.Version) < context.To.Minor),
        ];
        MemberSettings?[] settings = await Task.WhenAll(
                concerned.Select(m => context.Cluster.ReadSettingsAsync(m.Member, context.Limit))
            )
            .ConfigureAwait(false);
        return
        [
            .. concerned.Zip(settings).SelectMany(m => Find(m.First, m.Second, context.To)),
            .. FindHidden([.. concerned.Zip(settings)]),
        ];
    }

    private static IEnumerable<EtcdFinding> Find(VersionedMember member, MemberSettings? settings, UpgradeTarget to) =>
        from setting in settings?.All ?? []
        from removed in FlagCatalog.All
        where
            removed.RemovedIn > EtcdVersion.MinorOf(member.Version)
            && removed.RemovedIn <= to.Minor
            && removed.Matches(setting.Flag, setting.Value)
        select Of(member, setting, removed);

    private static EtcdFinding Of(VersionedMember member, MemberSetting setting, RemovedFlag removed)
    {
        string what = removed.Value is null ? setting.Written : $"{setting.Written}={removed.Value}";
        bool isFatal = setting.Origin is SettingOrigin.CommandLine || removed.Value is not null;
        return Findings.About(
            member.Member,
            isFatal ? ErrorIds.FlagRemoved : ErrorIds.SettingIgnored,
            isFatal ? Error : Warning,
            $"{member} is started with {what}, which etcd {removed.RemovedIn} does not know: "
                + (isFatal ? "it would not start." : "the setting would be ignored."),
            removed.Action
        ) with
        {
            Source = removed.Source,
        };
    }

    private static IEnumerable<EtcdFinding> FindHidden((VersionedMember Member, MemberSettings? Settings)[] members)
    {
        string[] hidden =
        [
            .. members
                .Where(m => m.Settings is not { Hidden: null })
                .GroupBy(m => m.Settings?.Hidden ?? Unseen)
                .Select(g => $"{string.Join(", ", g.Select(m => m.Member))}: {g.Key}"),
        ];
        if (hidden.Length > 0)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Flag,
                string.Join("; ", hidden),
                "Connect through Kubernetes, ssh or a local etcdctl with enough rights, or compare the flags with the "
                    + "upgrade guide of etcd."
            );
    }
}

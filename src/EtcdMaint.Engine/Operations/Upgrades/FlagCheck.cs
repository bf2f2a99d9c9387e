using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Finds the flags, variables and lines of config files that the release no longer knows. etcd does not start with an
/// unknown flag, and ignores an unknown variable or line, so that the setting is lost. It does not start with a value
/// of a known flag or variable that is no longer accepted, and checks few values of a config file.
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
            .. FindHidden([.. concerned.Zip(settings)], context.To),
        ];
    }

    private static IEnumerable<EtcdFinding> Find(VersionedMember member, MemberSettings? settings, UpgradeTarget to) =>
        from setting in settings?.All ?? []
        from removed in RemovedBetween(member, to)
        where removed.Matches(setting)
        select Of(member, setting, removed);

    private static IEnumerable<RemovedFlag> RemovedBetween(VersionedMember member, UpgradeTarget to) =>
        FlagCatalog.All.Where(f => f.RemovedIn > EtcdVersion.MinorOf(member.Version) && f.RemovedIn <= to.Minor);

    private static EtcdFinding Of(VersionedMember member, MemberSetting setting, RemovedFlag removed)
    {
        string what = removed.Value is null ? setting.Written : $"{setting.Written}={removed.Value}";
        bool isFatal =
            setting.Origin is SettingOrigin.CommandLine
            || (removed.Value is not null && (setting.Origin is SettingOrigin.Variable || removed.IsCheckedInFile));
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

    private static IEnumerable<EtcdFinding> FindHidden(
        (VersionedMember Member, MemberSettings? Settings)[] members,
        UpgradeTarget to
    )
    {
        string[] hidden =
        [
            .. members
                .Select(m => (m.Member, Why: m.Settings is { } settings ? WhyHidden(m.Member, settings, to) : Unseen))
                .Where(m => m.Why is not null)
                .GroupBy(m => m.Why)
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

    /// <summary>Why a setting that does not work in the release may be overlooked, or null if that cannot be.</summary>
    private static string? WhyHidden(VersionedMember member, MemberSettings settings, UpgradeTarget to) =>
        settings.Hidden
        ?? settings
            .All.Where(s => RemovedBetween(member, to).Any(f => f.MayMatch(s)))
            .Select(s => $"the value of {s.Written} is not visible")
            .FirstOrDefault();
}

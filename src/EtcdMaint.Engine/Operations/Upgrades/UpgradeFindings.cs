using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Health;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>Creates the findings of an upgrade check.</summary>
internal static class UpgradeFindings
{
    /// <summary>A reason against the upgrade.</summary>
    public static EtcdFinding Blocks(string id, string message, string action, ResolvedMember? member = null) =>
        Findings.About(member, id, Error, message, action);

    /// <summary>A point that was not checked.</summary>
    public static EtcdFinding NotChecked(EtcdUpgradeCheck check, string why, string action) =>
        Findings.About(
            null,
            IdOf(check),
            Warning,
            $"{SubjectOf(check)} not checked: {why}.",
            $"{action} If you have checked it yourself, add -Checked {check}."
        ) with
        {
            NotChecked = check,
        };

    private static string IdOf(EtcdUpgradeCheck check) =>
        check switch
        {
            EtcdUpgradeCheck.Auth => ErrorIds.AuthNotChecked,
            EtcdUpgradeCheck.Disk => ErrorIds.DiskNotChecked,
            EtcdUpgradeCheck.Downgrade => ErrorIds.DowngradeNotChecked,
            EtcdUpgradeCheck.Flag => ErrorIds.FlagNotChecked,
            EtcdUpgradeCheck.Hash => ErrorIds.HashNotChecked,
            EtcdUpgradeCheck.MemberList => ErrorIds.MemberListNotChecked,
            EtcdUpgradeCheck.Quota => ErrorIds.QuotaNotChecked,
            EtcdUpgradeCheck.Release => ErrorIds.ReleaseNotChecked,
            EtcdUpgradeCheck.Snapshot => ErrorIds.SnapshotNotChecked,
            EtcdUpgradeCheck.V2Store => ErrorIds.V2StoreNotChecked,
            _ => throw new ArgumentOutOfRangeException(nameof(check), check, null),
        };

    private static string SubjectOf(EtcdUpgradeCheck check) =>
        check switch
        {
            EtcdUpgradeCheck.Auth => "Whether authentication is enabled was",
            EtcdUpgradeCheck.Disk => "The free disk space was",
            EtcdUpgradeCheck.Downgrade => "Whether a downgrade is running was",
            EtcdUpgradeCheck.Flag => "The flags were",
            EtcdUpgradeCheck.Hash => "Whether the members have the same data was",
            EtcdUpgradeCheck.MemberList => "The member lists were",
            EtcdUpgradeCheck.Quota => "The size of the databases was",
            EtcdUpgradeCheck.Release => "The release was",
            EtcdUpgradeCheck.Snapshot => "The snapshot was",
            EtcdUpgradeCheck.V2Store => "The v2 store was",
            _ => throw new ArgumentOutOfRangeException(nameof(check), check, null),
        };
}

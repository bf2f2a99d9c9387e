using System.Globalization;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>
/// Checks whether the snapshot file is intact, has the data of the cluster, and is recent. After the last member was
/// upgraded, a snapshot is the only way back.
/// </summary>
internal static class SnapshotCheck
{
    private const string SaveAnother = "Save another snapshot with Save-EtcdSnapshot -Prove, and check again with it.";

    /// <param name="report">The report about the file, or null if none was specified.</param>
    /// <param name="writtenAt">The time at which the file was written.</param>
    /// <param name="now">The current time.</param>
    /// <param name="maximumAge">The age from which the file does not count.</param>
    public static IEnumerable<EtcdFinding> Find(
        EtcdSnapshotReport? report,
        DateTimeOffset writtenAt,
        DateTimeOffset now,
        TimeSpan maximumAge
    )
    {
        if (report is null)
        {
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Snapshot,
                "none was specified with -SnapshotPath",
                "Save one with Save-EtcdSnapshot -Prove, and specify its path."
            );
            yield break;
        }
        EtcdFinding[] errors = [.. report.Finding.Where(f => f.Severity is Error)];
        if (errors.Length > 0)
            yield return errors[0];
        else if (report.MatchesCluster is null)
            yield return UpgradeFindings.NotChecked(
                EtcdUpgradeCheck.Snapshot,
                report.Finding.FirstOrDefault()?.Message.Split(": ", 2)[^1].TrimEnd('.')
                    ?? "it was not compared with the cluster",
                SaveAnother
            );
        TimeSpan age = now - writtenAt;
        if (age > maximumAge && report.AgeRevisions is not 0)
            yield return UpgradeFindings.Blocks(
                ErrorIds.SnapshotTooOld,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The snapshot {report.Path} was written {age.TotalHours:N1} hours ago"
                )
                    + (
                        report.AgeRevisions is { } revisions
                            ? string.Create(
                                CultureInfo.InvariantCulture,
                                $", {revisions:N0} {(revisions == 1 ? "revision" : "revisions")} ago"
                            )
                            : ""
                    )
                    + string.Create(
                        CultureInfo.InvariantCulture,
                        $", and -MaximumSnapshotAge is {maximumAge.TotalHours:N1} hours."
                    ),
                SaveAnother
            );
    }
}

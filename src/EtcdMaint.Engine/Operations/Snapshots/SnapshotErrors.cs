namespace EtcdMaint.Engine.Operations.Snapshots;

internal static class SnapshotErrors
{
    /// <summary>The saved file is damaged, differs from the members, or could not be compared.</summary>
    public static EtcdException Unproven(EtcdSnapshotReport report) => Unproven(report.Path, Reason(report));

    public static EtcdException Unproven(string path, string why) =>
        new(
            ErrorIds.SnapshotUnproven,
            EtcdErrorCategory.InvalidResult,
            $"The snapshot {path} is not proven. {why}",
            "Examine the file with Test-EtcdSnapshot, and save another snapshot.",
            path
        );

    private static string Reason(EtcdSnapshotReport report) =>
        report.Finding.MaxBy(f => f.Severity)?.Message ?? "No member was compared.";
}

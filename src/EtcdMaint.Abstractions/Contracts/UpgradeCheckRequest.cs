namespace EtcdMaint;

/// <summary>A request to check whether a cluster can be upgraded.</summary>
internal sealed record UpgradeCheckRequest
{
    /// <summary>The age up to which a snapshot counts if nothing else is specified.</summary>
    public static readonly TimeSpan DefaultMaximumSnapshotAge = TimeSpan.FromDays(1);

    public required UpgradeTarget To { get; init; }

    /// <summary>The full path of the snapshot file, or null if none was specified.</summary>
    public string? SnapshotPath { get; init; }

    public TimeSpan MaximumSnapshotAge { get; init; } = DefaultMaximumSnapshotAge;

    /// <summary>The points that the user has checked.</summary>
    public IReadOnlySet<EtcdUpgradeCheck> Checked { get; init; } = new HashSet<EtcdUpgradeCheck>();

    public required TimeSpan CallTimeout { get; init; }
}

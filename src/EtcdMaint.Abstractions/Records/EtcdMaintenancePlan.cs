namespace EtcdMaint;

/// <summary>
/// A plan for the maintenance of clusters, which another person can approve before it runs. It contains the state of
/// each cluster on which it relies, the steps, their predicted gain and pauses, and the settings of the run.
/// </summary>
public sealed record EtcdMaintenancePlan
{
    /// <summary>The ID of the plan. The reports of its run contain it.</summary>
    public string PlanId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The time at which the plan was made.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>The user and the host that made the plan, as <c>user@host</c>.</summary>
    public string CreatedBy
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// The time after which a run of the plan starts no cluster, and no member whose predicted end is later; null for
    /// no limit.
    /// </summary>
    public DateTimeOffset? NotAfter { get; internal init; }

    /// <summary>The clusters, in the order in which they were specified.</summary>
    public EtcdList<EtcdClusterPlan> Cluster { get; internal init; } = [];

    /// <summary>The file or folder for a snapshot before the first change; null for no snapshot.</summary>
    public string? SnapshotPath { get; internal init; }

    /// <summary>The number of revisions that the compaction keeps.</summary>
    public long KeepRevisions { get; internal init; }

    /// <summary>The time whose revisions the compaction keeps.</summary>
    public TimeSpan KeepDuration { get; internal init; }

    /// <summary>The smallest fragmentation of a member that is defragmented, 0 to 1.</summary>
    public double? MinimumFragmentationRatio { get; internal init; }

    /// <summary>The fewest free bytes of a member that is defragmented.</summary>
    public long? MinimumFreeBytes { get; internal init; }

    /// <summary>NOSPACE stays armed while a file uses more than this share of its quota, 0 to 1.</summary>
    public double MaximumQuotaUsedRatio { get; internal init; }

    /// <summary>The longest stall of other members that is accepted, in seconds; null for any.</summary>
    public double? MaximumStallSeconds { get; internal init; }

    /// <summary>The number of lost leader-election leases of Kubernetes that is accepted; null for any.</summary>
    public int? MaximumLeaseLost { get; internal init; }

    /// <summary>The checks that are turned off.</summary>
    public EtcdList<EtcdGate> Override { get; internal init; } = [];

    /// <summary>
    /// The SHA-256 of the plan, in lower-case hexadecimal. The file of the plan contains it, and a file with another
    /// content is not run.
    /// </summary>
    public string Checksum
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The fewest bytes that the plan returns to the disks of all clusters.</summary>
    public long BytesReclaimedMinimum => Cluster.Sum(cluster => cluster.BytesReclaimedMinimum);

    /// <summary>The most bytes that the plan returns to the disks of all clusters.</summary>
    public long BytesReclaimedMaximum => Cluster.Sum(cluster => cluster.BytesReclaimedMaximum);

    /// <summary>The ID and the number of clusters.</summary>
    public override string ToString() =>
        $"{PlanId}: {Cluster.Count} {(Cluster.Count == 1 ? "cluster" : "clusters")}, "
        + $"{Cluster.Count(cluster => cluster.Status is EtcdMaintenanceStatus.Planned)} to change";
}

namespace EtcdMaint;

internal sealed record MaintenanceRequest
{
    /// <summary>The path of a snapshot that is taken before the first change; null for no snapshot.</summary>
    public string? SnapshotPath { get; init; }

    public const long DefaultKeepRevisions = 1000;

    /// <summary>The interval in which the API server of Kubernetes compacts.</summary>
    public static readonly TimeSpan DefaultKeepDuration = TimeSpan.FromMinutes(5);

    /// <summary>The number of revisions to keep. While NOSPACE is armed, none are kept.</summary>
    public long KeepRevisions { get; init; } = DefaultKeepRevisions;

    /// <summary>The time whose revisions are kept. While NOSPACE is armed, none are kept.</summary>
    public TimeSpan KeepDuration { get; init; } = DefaultKeepDuration;

    /// <summary>The rules and conditions of the defragmentation. The run selects its targets.</summary>
    public required DefragRequest Defrag { get; init; }

    public double MaximumQuotaUsedRatio { get; init; } = 0.9;

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }

    /// <summary>The plan that the run follows; null for a run that decides itself what to do.</summary>
    public EtcdMaintenancePlan? Plan { get; init; }
}

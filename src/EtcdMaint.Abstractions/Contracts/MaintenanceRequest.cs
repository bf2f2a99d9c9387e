namespace EtcdMaint;

internal sealed record MaintenanceRequest
{
    /// <summary>Where to put a snapshot before anything is changed; null takes none.</summary>
    public string? SnapshotPath { get; init; }

    /// <summary>Revisions to keep; while NOSPACE is armed none are.</summary>
    public long KeepRevisions { get; init; } = 1000;

    /// <summary>The rules and conditions of the defragmentation; its targets are chosen by the run.</summary>
    public required DefragRequest Defrag { get; init; }

    public double MaximumQuotaUsedRatio { get; init; } = 0.9;

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

namespace EtcdMaint.Snapshot;

/// <summary>One damage that a scan found.</summary>
/// <param name="Kind">The kind of the damage.</param>
/// <param name="PageId">The number of the damaged page; null if the damage does not concern a page.</param>
/// <param name="Message">A description in one sentence. It contains no keys and no values.</param>
public sealed record SnapshotFinding(SnapshotFindingKind Kind, ulong? PageId, string Message)
{
    /// <summary>The kind and the description.</summary>
    public override string ToString() => $"{Kind}: {Message}";
}

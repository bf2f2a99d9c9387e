namespace EtcdMaint.Snapshot;

/// <summary>What a scan does beside checking the file.</summary>
public sealed record SnapshotScanOptions
{
    /// <summary>
    /// Sees each revision once, from the newest to the oldest, on the thread of the scan. Revisions on damaged pages
    /// are left out.
    /// </summary>
    public SnapshotRevisionVisitor? Visitor { get; init; }

    /// <summary>Receives the completed fraction, from 0 to 1, on the thread of the scan.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>
    /// Whether the SHA-256 of the database is computed, and compared with that at the end of the file. It is computed
    /// on a second thread.
    /// </summary>
    public bool ComputeSha256 { get; init; } = true;

    /// <summary>The number of findings to keep; further ones are only counted.</summary>
    public int MaximumFindings { get; init; } = 100;
}

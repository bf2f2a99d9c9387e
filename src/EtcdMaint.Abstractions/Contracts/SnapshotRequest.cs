namespace EtcdMaint;

internal sealed record SnapshotRequest
{
    /// <summary>A file, or an existing folder in which the module names the file.</summary>
    public required string Path { get; init; }

    /// <summary>Whether to overwrite an existing file.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Whether to wait for a run that holds the lock of the cluster. It is false if the snapshot is a part of that run.
    /// </summary>
    public bool MayWait { get; init; } = true;

    /// <summary>Whether to read the saved file and to compare it with the members.</summary>
    public bool Prove { get; init; }

    public required TimeSpan CallTimeout { get; init; }
}

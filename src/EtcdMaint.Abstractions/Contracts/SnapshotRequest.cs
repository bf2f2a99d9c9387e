namespace EtcdMaint;

internal sealed record SnapshotRequest
{
    /// <summary>A file, or an existing folder in which the file gets a name of its own.</summary>
    public required string Path { get; init; }

    /// <summary>Overwrite a file that exists.</summary>
    public bool Force { get; init; }

    /// <summary>Whether a run that holds the cluster's lock is waited for; not by a part of that very run.</summary>
    public bool MayWait { get; init; } = true;

    public required TimeSpan CallTimeout { get; init; }
}

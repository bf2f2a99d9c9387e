namespace EtcdMaint;

internal sealed record SnapshotRequest
{
    /// <summary>A file, or an existing folder in which the file gets a name of its own.</summary>
    public required string Path { get; init; }

    /// <summary>Overwrite a file that exists.</summary>
    public bool Force { get; init; }

    public required TimeSpan CallTimeout { get; init; }
}

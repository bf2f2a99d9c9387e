namespace EtcdMaint;

internal sealed record SnapshotTestRequest
{
    /// <summary>The full path of the snapshot file.</summary>
    public required string Path { get; init; }

    public required TimeSpan CallTimeout { get; init; }
}

namespace EtcdMaint;

/// <summary>What to tell about the keys of a snapshot file.</summary>
internal sealed record SnapshotUsageRequest
{
    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The prefix of the keys; an empty string means all keys.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>By how many parts of their names keys are grouped; see <see cref="SpaceUsageRequest.Depth"/>.</summary>
    public int? Depth { get; init; }
}

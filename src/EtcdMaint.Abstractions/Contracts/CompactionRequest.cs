namespace EtcdMaint;

internal sealed record CompactionRequest
{
    public required IReadOnlyList<MemberTarget> Targets { get; init; }

    /// <summary>The revision to compact to; null takes the newest.</summary>
    public long? Revision { get; init; }

    /// <summary>Revisions to keep below the newest; 0 unless asked for.</summary>
    public long KeepRevisions { get; init; }

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

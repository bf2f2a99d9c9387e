namespace EtcdMaint;

internal sealed record DefragRequest
{
    public required IReadOnlyList<MemberTarget> Targets { get; init; }

    /// <summary>The user's rule, asked on fresh status just before a member's turn.</summary>
    public Func<EtcdMemberStatus, Task<bool>>? When { get; init; }

    /// <summary>0 to 1; null where no such rule was given.</summary>
    public double? MinimumFragmentationRatio { get; init; }

    /// <summary>Bytes; null where no such rule was given.</summary>
    public long? MinimumFreeBytes { get; init; }

    /// <summary>
    /// Whether a member near its quota is worth it below the minimums too, where much of the quota comes back.
    /// </summary>
    public bool RelievesQuota { get; init; }

    public bool KeepLeader { get; init; }

    public bool RequireLeaderMove { get; init; }

    /// <summary>The longest stall of the other members that is put up with; null for any.</summary>
    public TimeSpan? MaximumStall { get; init; }

    /// <summary>No member starts whose predicted end lies later.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    public bool ContinueOnError { get; init; }

    public IReadOnlySet<EtcdGate> Override { get; init; } = new HashSet<EtcdGate>();

    public bool RequireLock { get; init; }

    public bool NoClusterLock { get; init; }

    public required TimeSpan CallTimeout { get; init; }

    /// <summary>The limit of one defragmentation; null lets it follow the bytes in use.</summary>
    public TimeSpan? DefragTimeout { get; init; }

    /// <summary>How long a stop waits for the member in hand.</summary>
    public TimeSpan StopTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

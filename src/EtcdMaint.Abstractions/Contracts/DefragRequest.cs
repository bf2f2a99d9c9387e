namespace EtcdMaint;

internal sealed record DefragRequest
{
    public required IReadOnlyList<MemberTarget> Targets { get; init; }

    /// <summary>
    /// The rule of the user. It receives the new status of a member directly before the turn of that member.
    /// </summary>
    public Func<EtcdMemberStatus, Task<bool>>? When { get; init; }

    /// <summary>From 0 to 1; null if no minimum was specified.</summary>
    public double? MinimumFragmentationRatio { get; init; }

    /// <summary>In bytes; null if no minimum was specified.</summary>
    public long? MinimumFreeBytes { get; init; }

    /// <summary>
    /// Whether a member below the minimums is also defragmented if it is near its quota and much of the quota can be
    /// reclaimed.
    /// </summary>
    public bool RelievesQuota { get; init; }

    /// <summary>Whether the members take their turns in the order of <see cref="Targets"/>, the leader last.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>The members in the order of their turns; null if the run decides about the order.</summary>
    public IReadOnlyList<MemberTarget>? InOrder => KeepOrder ? Targets : null;

    /// <summary>
    /// The members for which a plan has decided that they gain enough. The rules do not apply to them. They are skipped
    /// only if nothing is left to reclaim.
    /// </summary>
    public IReadOnlySet<ulong> Decided { get; init; } = new HashSet<ulong>();

    public bool KeepLeader { get; init; }

    public bool RequireLeaderMove { get; init; }

    /// <summary>The longest stall of the other members that is accepted; null for no limit.</summary>
    public TimeSpan? MaximumStall { get; init; }

    /// <summary>The number of lost leases of Kubernetes that is accepted; null for any number.</summary>
    public int? MaximumLeaseLost { get; init; } = 0;

    /// <summary>The leases that earlier steps of the same runbook have found lost. They count too.</summary>
    public IReadOnlyList<EtcdLostLease> LeaseLost { get; init; } = [];

    /// <summary>A member does not start if its predicted end is later than this time.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    public bool ContinueOnError { get; init; }

    public IReadOnlySet<EtcdGate> Override { get; init; } = new HashSet<EtcdGate>();

    public bool RequireLock { get; init; }

    public bool NoClusterLock { get; init; }

    public required TimeSpan CallTimeout { get; init; }

    /// <summary>The time limit of one defragmentation; null to derive it from the bytes in use.</summary>
    public TimeSpan? DefragTimeout { get; init; }

    /// <summary>How long a stopped run waits for the current member.</summary>
    public TimeSpan StopTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

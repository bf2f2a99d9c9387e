namespace EtcdMaint.Engine.Membership;

/// <summary>One run of a member's process, as its supervisor (for example the kubelet) counts it.</summary>
/// <param name="Place">What runs the process, for example a pod. It changes when another one replaces it.</param>
/// <param name="Id">The ID of this run only, or null if it is unknown.</param>
/// <param name="Restarts">The number of restarts. The count may start at 0 again.</param>
/// <param name="StartedAt">The start time of this run, or null if it is unknown.</param>
internal sealed record ProcessRun(string Place, string? Id, int Restarts, DateTime? StartedAt)
{
    /// <summary>
    /// Whether this run started after the other run. If both IDs are known, the ID decides alone, because a place can
    /// get a new name while the process continues. An older run is not a new one: a count from a cache may be outdated.
    /// </summary>
    public bool IsAnotherThan(ProcessRun before) =>
        Id is not null && before.Id is not null
            ? Id != before.Id
                && !(Place == before.Place && (Restarts < before.Restarts || StartedAt < before.StartedAt))
            : Place != before.Place || Restarts > before.Restarts || StartedAt > before.StartedAt;
}

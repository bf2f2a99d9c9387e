namespace EtcdMaint.Engine.Membership;

/// <summary>One run of a member's process, as its supervisor (for example the kubelet) counts it.</summary>
/// <param name="Place">What runs it, and changes when another takes its place.</param>
/// <param name="Id">Of this run alone; null where it is not known.</param>
/// <param name="Restarts">How often it was started anew. The count may begin again at 0.</param>
/// <param name="StartedAt">When this run began; null where it is not known.</param>
internal sealed record ProcessRun(string Place, string? Id, int Restarts, DateTime? StartedAt)
{
    /// <summary>
    /// Whether it began after the other run. The ID of a run decides alone where both are known: a place can get a new
    /// name while the process runs on. An older run is no new one; a count that is read from a cache may be behind.
    /// </summary>
    public bool IsAnotherThan(ProcessRun before) =>
        Id is not null && before.Id is not null
            ? Id != before.Id
                && !(Place == before.Place && (Restarts < before.Restarts || StartedAt < before.StartedAt))
            : Place != before.Place || Restarts > before.Restarts || StartedAt > before.StartedAt;
}

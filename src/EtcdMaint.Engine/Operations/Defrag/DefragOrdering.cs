using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// The order of a run: followers before the leader, and the followers with the most free bytes first.
/// </summary>
internal static class DefragOrdering
{
    public static List<MemberReading> Order(IEnumerable<MemberReading> members, ulong? leader) =>
        [.. members.OrderBy(m => m.Id == leader).ThenByDescending(m => m.Status?.FreeBytes ?? 0).ThenBy(m => m.Id)];

    /// <summary>
    /// Removes the next member from an ordered list. The current leader comes last, even if leadership has changed
    /// during the run.
    /// </summary>
    public static ulong TakeNext(List<ulong> waiting, ulong? leader)
    {
        int next = waiting.FindIndex(id => id != leader);
        ulong id = waiting[Math.Max(0, next)];
        waiting.Remove(id);
        return id;
    }
}

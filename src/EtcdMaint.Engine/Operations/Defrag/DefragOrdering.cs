using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// The order of a run: followers before the leader, and the followers with the most free bytes first, or in the order
/// of the plan.
/// </summary>
internal static class DefragOrdering
{
    /// <param name="members">The members to order.</param>
    /// <param name="leader">The leader; null if there is none.</param>
    /// <param name="planned">The members in the order of the plan; null without a plan.</param>
    public static List<MemberReading> Order(
        IEnumerable<MemberReading> members,
        ulong? leader,
        IReadOnlyList<MemberTarget>? planned = null
    )
    {
        ulong[] order = [.. (planned ?? []).Select(target => target.Member.Id)];
        return
        [
            .. members
                .OrderBy(m => m.Id == leader)
                .ThenBy(m => Array.IndexOf(order, m.Id))
                .ThenByDescending(m => m.Status?.FreeBytes ?? 0)
                .ThenBy(m => m.Id),
        ];
    }

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

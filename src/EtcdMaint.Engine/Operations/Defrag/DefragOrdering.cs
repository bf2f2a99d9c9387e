using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The order: followers first, those with most to gain first of all; the leader last.</summary>
internal static class DefragOrdering
{
    public static List<MemberReading> Order(IEnumerable<MemberReading> members, ulong? leader) =>
        [.. members.OrderBy(m => m.Id == leader).ThenByDescending(m => m.Status?.FreeBytes ?? 0).ThenBy(m => m.Id)];

    /// <summary>
    /// Takes the next one out of an ordered list. Whoever leads now comes last, also when the lead has changed on the
    /// way.
    /// </summary>
    public static ulong TakeNext(List<ulong> waiting, ulong? leader)
    {
        int next = waiting.FindIndex(id => id != leader);
        ulong id = waiting[Math.Max(0, next)];
        waiting.Remove(id);
        return id;
    }
}

using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Upgrades;

/// <summary>The order in which the members are upgraded: the followers by name, then the leader.</summary>
internal static class UpgradeOrdering
{
    public static IEnumerable<string> Order(UpgradeContext context) =>
        context
            .Remaining.OrderBy(m => m.Member.Id == context.State.Leader)
            .ThenBy(m => m.ToString(), NameOrder.Instance)
            .Select(m => m.ToString());
}

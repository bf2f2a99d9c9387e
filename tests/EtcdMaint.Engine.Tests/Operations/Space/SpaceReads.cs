using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Operations.Space;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Reads of members in memory.</summary>
internal static class SpaceReads
{
    public const long NoLimit = long.MaxValue / 4;

    public static CallBudget Limit => new(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public static SpanReader ReaderOf(params IEnumerable<MemoryMember> members) =>
        ReaderAt(TimeProvider.System, members);

    public static SpanReader ReaderAt(TimeProvider time, params IEnumerable<MemoryMember> members) =>
        new(
            [.. members.Select(member => member.Resolved)],
            MemoryMember.FirstRevision,
            new ReadPace(time, NoLimit),
            time,
            Limit
        );

    public static async Task<GroupDiscovery> DiscoverAsync(SpanReader reader, string prefix = "", int? depth = null)
    {
        var layout = new KeyLayout(KubernetesResources.Roots, prefix, depth);
        var discovery = new GroupDiscovery(reader, layout, (_, _) => { });
        await discovery.RunAsync(KeySpan.OfPrefix(prefix));
        return discovery;
    }
}

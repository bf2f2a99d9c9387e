using System.Text;

namespace EtcdMaint.Engine.Tests.Structure;

/// <summary>The engine's folders form layers: each uses only itself and the folders before it.</summary>
public sealed class LayerTests
{
    private const string Root = "EtcdMaint.Engine";

    /// <summary>
    /// From the bottom to the top. The types of the root namespace, the engine and its cluster, may use everything.
    /// </summary>
    private static readonly string[] Layers =
    [
        "Wire",
        "Failures",
        "Transport",
        "Client",
        "Membership",
        "Connecting",
        "Safety",
        "Operations",
        "Runbook",
    ];

    [Fact]
    public void Each_folder_uses_only_the_folders_before_it() =>
        Assert.Empty(Violations(typeof(EtcdEngine).Assembly.GetTypes()));

    [Fact]
    public void Every_folder_is_a_known_layer()
    {
        IEnumerable<string> folders = typeof(EtcdEngine)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root + ".", StringComparison.Ordinal) is true)
            .Select(type => type.Namespace!.Split('.')[2])
            .Distinct();
        Assert.Superset(folders.ToHashSet(), Layers.ToHashSet());
    }

    [Fact]
    public void A_use_inside_a_method_is_found() =>
        Assert.Contains(TypeUse.Find([typeof(Example)]), use => use.Used == typeof(StringBuilder));

    private static IEnumerable<string> Violations(IEnumerable<Type> types) =>
        TypeUse
            .Find(types)
            .Where(use => Rank(use.Used) > Rank(use.User))
            .Select(use => $"{use.User} uses {use.Used}")
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static int Rank(Type type)
    {
        if (type.Assembly != typeof(EtcdEngine).Assembly || type.Namespace is null)
            return -1;
        return type.Namespace == Root
            ? Layers.Length
            : Array.IndexOf(Layers, type.Namespace.Split('.') is [_, _, var folder, ..] ? folder : "");
    }

    private static class Example
    {
        public static string Text() => new StringBuilder().Append('a').ToString();
    }
}

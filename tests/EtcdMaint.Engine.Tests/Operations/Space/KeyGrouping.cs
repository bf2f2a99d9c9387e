using EtcdMaint.Engine.Operations.Space;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Groups keys one by one, as the documentation describes the groups.</summary>
internal static class KeyGrouping
{
    public static string GroupOf(string key, string prefix, int? depth, bool hasCustomRoot)
    {
        string? root = KubernetesResources
            .Roots.Concat(hasCustomRoot ? [KeySets.CustomRoot] : [])
            .FirstOrDefault(r => key.StartsWith(r, StringComparison.Ordinal));
        if (root is null)
        {
            string start = prefix + (key[prefix.Length..].StartsWith('/') ? "/" : "");
            return Take(key, start, depth ?? 1) ?? prefix;
        }
        string first = key[root.Length..].Split('/')[0];
        int own = first.Contains('.', StringComparison.Ordinal) || first == "services" ? 2 : 1;
        for (int levels = own + (depth ?? 2) - 1; levels >= own; levels--)
            if (TakeAll(key, root, levels) is { } group)
                return group;
        return root;
    }

    /// <summary>Returns the start with as many segments as there are, up to a number.</summary>
    private static string? Take(string key, string start, int segments) =>
        Enumerable.Range(1, segments).Reverse().Select(n => TakeAll(key, start, n)).FirstOrDefault(g => g is not null);

    private static string? TakeAll(string key, string start, int segments)
    {
        string[] parts = key[start.Length..].Split('/');
        return parts.Length > segments ? $"{start}{string.Join('/', parts[..segments])}/" : null;
    }
}

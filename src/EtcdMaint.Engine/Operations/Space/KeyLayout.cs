using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// How keys are grouped by their names: below the prefix of a Kubernetes API server by resource and namespace, and
/// elsewhere by path segments.
/// </summary>
/// <param name="Roots">The prefixes of API servers, in the order of etcd.</param>
/// <param name="Base">The prefix that the user specified. Path segments are counted after it.</param>
/// <param name="Depth">The depth that the user specified.</param>
internal sealed record KeyLayout(IReadOnlyList<string> Roots, string Base, int? Depth)
{
    /// <summary>
    /// Where every API server stores namespaces and service accounts, which it creates itself. A prefix with keys at
    /// both is that of an API server.
    /// </summary>
    public static readonly IReadOnlyList<string> SignsOfRoot = ["namespaces/", "serviceaccounts/"];

    private const int KubernetesDepth = 2;

    /// <summary>
    /// The services and their endpoints are the only built-in resources that are stored one level deeper.
    /// </summary>
    private const string Services = "services";

    /// <summary>Returns how many levels of groups the key belongs to.</summary>
    public int DepthOf(string key) => Depth ?? (RootOf(key) is null ? 1 : KubernetesDepth);

    public string? RootOf(string key) => Roots.FirstOrDefault(root => key.StartsWith(root, StringComparison.Ordinal));

    /// <summary>
    /// Returns the prefix of the group to which the key belongs at a level, from 1; null if its name ends before.
    /// </summary>
    public string? PrefixAt(string key, int level)
    {
        int end;
        if (RootOf(key) is { } root)
            end = SkipSegments(key, EndOfResource(key, root.Length), level - 1);
        else
            end = SkipSegments(key, Base.Length + (StartsWithSlash(key) ? 1 : 0), level);
        return end < 0 ? null : key[..end];
    }

    /// <summary>Returns the prefix of the group of a key.</summary>
    public string GroupOf(string key)
    {
        for (int level = DepthOf(key); level > 0; level--)
            if (PrefixAt(key, level) is { } prefix)
                return prefix;
        return RootOf(key) ?? Base;
    }

    /// <summary>
    /// The first part of the prefix that the user specified. It can be that of an API server, although the user
    /// specified a longer one.
    /// </summary>
    public string? FirstSegment
    {
        get
        {
            int slash = Base.IndexOf('/', Math.Min(1, Base.Length));
            return Base.Length == 0 ? null
                : slash < 0 ? Base + "/"
                : Base[..(slash + 1)];
        }
    }

    /// <summary>Adds prefixes of API servers.</summary>
    public KeyLayout With(IEnumerable<string> roots) =>
        this with
        {
            Roots = [.. Roots.Concat(roots).Order(StringComparer.Ordinal)],
        };

    /// <summary>The names of Kubernetes for a group.</summary>
    public KubernetesGroup? Describe(string prefix)
    {
        if (RootOf(prefix) is not { } root || EndOfResource(prefix, root.Length) is var end && end < 0)
            return null;
        string storedAt = prefix[root.Length..(end - 1)];
        int next = prefix.IndexOf('/', end);
        return new KubernetesGroup(storedAt, next < 0 ? null : prefix[end..next]);
    }

    /// <summary>Returns the prefixes below the roots at which keys are likely, in the order of etcd.</summary>
    public IEnumerable<string> LikelyPrefixes() =>
        Roots.SelectMany(root => KubernetesResources.StoredAt.Select(stored => $"{root}{stored}/"));

    private bool StartsWithSlash(string key) => key.Length > Base.Length && key[Base.Length] == '/';

    /// <summary>Returns the position after the slash that ends the resource, or -1.</summary>
    private static int EndOfResource(string key, int start)
    {
        int end = SkipSegments(key, start, 1);
        if (end < 0)
            return -1;
        ReadOnlySpan<char> first = key.AsSpan(start, end - 1 - start);
        return first.Contains('.') || first.SequenceEqual(Services) ? SkipSegments(key, end, 1) : end;
    }

    private static int SkipSegments(string key, int start, int count)
    {
        int end = start;
        for (int i = 0; i < count && end >= 0; i++)
            end =
                end > key.Length ? -1
                : key.IndexOf('/', end) + 1 is var next and > 0 ? next
                : -1;
        return end;
    }
}

/// <param name="StoredAt">The path of the resource below the prefix of the API server.</param>
internal sealed record KubernetesGroup(string StoredAt, string? Namespace)
{
    public string Resource => KubernetesResources.NameOf(StoredAt);

    public string? Command =>
        KubernetesResources.CommandFor(StoredAt, Namespace is null ? null : KeySpan.Text(Namespace));
}

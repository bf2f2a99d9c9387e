using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Random sets of keys in the layouts that clusters have, and in layouts that they hardly have.</summary>
internal sealed class KeySets(Random random)
{
    public const string CustomRoot = "/tenant-1/";

    private static readonly string[] Roots = ["/registry/", "/kubernetes.io/", CustomRoot];

    private static readonly string[] Namespaced =
    [
        "pods",
        "pods2",
        "events",
        "services/specs",
        "services/endpoints",
        "acme.com/widgets",
        "acme.com/widgets-v2",
        "zeta.example.org/things",
        "configmaps",
        "Upper",
    ];

    private static readonly string[] ClusterScoped =
    [
        "minions",
        "clusterroles",
        "apiextensions.k8s.io/customresourcedefinitions",
        "acme.com/clusterwidgets",
        "ranges",
    ];

    private static readonly string[] Namespaces =
    [
        "web",
        "web-2",
        "web.x",
        "we",
        "default",
        "kube-system",
        "kube-public",
        "0",
        "zz",
        "a",
        "team-1",
        "team-10",
        "team-2",
    ];

    /// <summary>etcd refuses an empty key.</summary>
    public IEnumerable<string> Next() => NextLayout().Where(key => key.Length > 0);

    private IEnumerable<string> NextLayout() =>
        random.Next(6) switch
        {
            0 or 1 => Kubernetes(Roots[random.Next(Roots.Length)]).Concat(random.Next(2) == 0 ? [] : Paths(30)),
            2 => Flat(),
            3 => Paths(Some()),
            4 => Bytes(Some()),
            _ => Extended(Some()),
        };

    /// <summary>Returns nothing, or the first bytes of a key, which end at a slash or elsewhere.</summary>
    public string Prefix(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0 || random.Next(3) == 0)
            return "";
        string key = keys[random.Next(keys.Count)];
        int end = random.Next(key.Length + 1);
        return random.Next(2) == 0 ? key[..end] : key[..(key.LastIndexOf('/', Math.Max(0, end - 1)) + 1)];
    }

    public int? Depth() => random.Next(3) == 0 ? random.Next(1, 5) : null;

    /// <summary>Few keys mostly, and sometimes enough to be divided.</summary>
    private int Some() => random.Next(5) == 0 ? random.Next(1000, 5000) : random.Next(0, 300);

    private IEnumerable<string> Kubernetes(string root)
    {
        string[] all = [.. Namespaces.Where(_ => random.Next(3) > 0).Append("default")];

        // Objects can outlive their namespace.
        foreach (string name in all.Where(name => name == "default" || random.Next(8) > 0))
            yield return $"{root}namespaces/{name}";
        foreach (string name in all)
            yield return $"{root}serviceaccounts/{name}/default";
        foreach (string resource in ClusterScoped.Where(_ => random.Next(3) > 0))
        foreach (string name in Names(Some()))
            yield return $"{root}{resource}/{name}";
        foreach (string resource in Namespaced.Where(_ => random.Next(3) > 0))
        foreach (string name in Names(Some()))
            yield return $"{root}{resource}/{all[random.Next(all.Length)]}/{name}";
        if (random.Next(2) == 0)
            yield return "compact_rev_key";
        if (random.Next(4) == 0)
            yield return root + "alone";
    }

    private IEnumerable<string> Flat() => Names(Some()).Select(name => random.Next(2) == 0 ? $"key-{name}" : name);

    private IEnumerable<string> Names(int count) =>
        Enumerable.Range(0, count).Select(i => random.Next(2) == 0 ? $"n{i:d5}" : $"{random.Next(2000):x}.{i % 7}");

    private IEnumerable<string> Paths(int count)
    {
        string start = random.Next(2) == 0 ? "/" : "";
        for (int i = 0; i < count; i++)
            yield return start
                + string.Join(
                    '/',
                    Enumerable.Range(0, random.Next(1, 6)).Select(_ => Segments[random.Next(Segments.Length)])
                )
                + (random.Next(3) == 0 ? $"{i}" : "");
    }

    private static readonly string[] Segments = ["a", "a-b", "b", "", "ab", "a.b", "B", "services", "x_y"];

    private IEnumerable<string> Bytes(int count)
    {
        for (int i = 0; i < count; i++)
            yield return string.Concat(
                Enumerable
                    .Range(0, random.Next(1, 7))
                    .Select(_ => random.Next(3) == 0 ? "\0/a\u00ff"[random.Next(4)] : (char)random.Next(256))
            );
    }

    /// <summary>Keys that extend other keys.</summary>
    private IEnumerable<string> Extended(int count)
    {
        var keys = new List<string> { "a" };
        string[] more = ["\0", "-", "/", "a", "b", "\u00ff", "/a", "-b"];
        for (int i = 0; i < count; i++)
        {
            string key = keys[random.Next(keys.Count)] + more[random.Next(more.Length)];
            if (key.Length < 40)
                keys.Add(key);
        }
        return keys;
    }

    public static MemoryKeys Measured(IEnumerable<string> keys, Random random) =>
        new(keys.Select(key => new KeySize(key, key.Length + random.Next(3000))));
}

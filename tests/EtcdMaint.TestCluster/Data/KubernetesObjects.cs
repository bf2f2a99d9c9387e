namespace EtcdMaint.TestCluster;

/// <summary>
/// Keys and sizes as the API server of Kubernetes stores its objects, with what a tool must report about them. A few
/// resources have most of the objects, and within a resource a few namespaces have most. The sizes of a resource are
/// distributed equally from half to one and a half of its mean. <see cref="Loader"/> writes them.
/// </summary>
public sealed class KubernetesObjects
{
    /// <summary>The bookkeeping of the API server about its compactions; it is outside of the root prefix.</summary>
    public const string CompactionKey = "compact_rev_key";

    internal const string CompactionValue = "1";

    // The object counts of resources fall with their rank, about as in clusters with many custom resources.
    private const double ResourceSteepness = 1.4;
    private const double NamespaceSteepness = 1;
    private const string ForeignPrefix = "/calico/";
    private const int ForeignKeys = 25;
    private const int ForeignBytes = 300;

    private readonly Group[] _groups;

    public KubernetesObjects(KubernetesObjectOptions? options = null)
    {
        Options = options ?? new KubernetesObjectOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Namespaces, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.Namespaces, KubernetesObjectOptions.MaxNamespaces);
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Resources, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.Resources, KubernetesResources.Count);

        var random = new Random(Options.Seed);
        string[] foreign = [.. Enumerable.Range(1, ForeignKeys).Select(number => $"ipam/v2/host/node-{number}")];
        _groups =
        [
            .. Groups(Options, random),
            new Group(ForeignPrefix, null, null, default, foreign, ForeignKeys, ForeignBytes, random.Next()),
        ];
        Usage =
        [
            .. _groups
                .Select(group => group.Measure())
                .Append(new KeyUsage(CompactionKey, null, null, 1, CompactionKey.Length + CompactionValue.Length))
                .OrderBy(usage => usage.Prefix, StringComparer.Ordinal),
        ];
    }

    public KubernetesObjectOptions Options { get; }

    /// <summary>The truth about every resource and namespace that has objects, and about the keys outside.</summary>
    public IReadOnlyList<KeyUsage> Usage { get; }

    public int KeyCount => Usage.Sum(usage => usage.KeyCount);

    /// <summary>The bytes of all keys and values.</summary>
    public long Bytes => Usage.Sum(usage => usage.Bytes);

    /// <summary>All keys except <see cref="CompactionKey"/>, whose value is not random.</summary>
    public IEnumerable<SizedKey> Keys() => _groups.SelectMany(group => group.Keys());

    private static List<Group> Groups(KubernetesObjectOptions options, Random random)
    {
        KubernetesResource[] resources = [.. KubernetesResources.Take(options.Resources)];
        string[] namespaces = [.. ObjectNames.Namespaces.Take(options.Namespaces)];
        var names = resources.Select(resource => NamesOf(resource, resources, namespaces)).ToArray();
        var counts = Counts(options.Keys, names, random);
        var scale =
            (double)options.AverageValueBytes
            * options.Keys
            / resources.Zip(counts, (resource, count) => (double)resource.MeanBytes * count).Sum();

        var groups = new List<Group>();
        foreach (var (resource, fixedNames, count) in resources.Zip(names, counts))
        {
            var mean = (int)(resource.MeanBytes * scale);
            var prefix = $"{options.Root}/{resource.Path}/";
            Group NewGroup(string path, string? name, int size) =>
                new(path, resource.Name, name, resource.Style, fixedNames, size, mean, random.Next());

            if (!resource.IsNamespaced)
            {
                groups.Add(NewGroup(prefix, null, count));
                continue;
            }
            string[] shuffled = [.. namespaces];
            random.Shuffle(shuffled);
            var weights = Enumerable.Range(1, shuffled.Length).Select(rank => Math.Pow(rank, -NamespaceSteepness));
            groups.AddRange(
                shuffled
                    .Zip(Divide(count, [.. weights]))
                    .Where(part => part.Second > 0)
                    .Select(part => NewGroup($"{prefix}{part.First}/", part.First, part.Second))
            );
        }
        return groups;
    }

    /// <summary>The names of objects that other objects or the resources determine; otherwise null.</summary>
    private static string[]? NamesOf(
        KubernetesResource resource,
        KubernetesResource[] resources,
        string[] namespaces
    ) =>
        resource.Path switch
        {
            KubernetesResources.Namespaces => namespaces,
            KubernetesResources.CustomDefinitions => [.. resources.Where(each => each.IsCustom).Select(e => e.Name)],
            KubernetesResources.ApiServices =>
            [
                "v1.",
                .. resources
                    .Where(each => each.Name.Contains('.', StringComparison.Ordinal))
                    .Select(each => $"v1.{each.Name[(each.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]}")
                    .Distinct(),
            ],
            KubernetesResources.ApiServerLeases => ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
            _ => null,
        };

    private static int[] Counts(int keys, string[]?[] names, Random random)
    {
        var free = keys - names.Sum(fixedNames => fixedNames?.Length ?? 1);
        ArgumentOutOfRangeException.ThrowIfNegative(free, nameof(keys));
        double[] weights =
        [
            .. names.Select(
                (fixedNames, index) =>
                    fixedNames is null ? Math.Pow(index + 1, -ResourceSteepness) * (0.5 + random.NextDouble()) : 0
            ),
        ];
        return [.. Divide(free, weights).Zip(names, (more, fixedNames) => more + (fixedNames?.Length ?? 1))];
    }

    /// <summary>Divides a number in proportion to weights, so that the sum of the parts is the number.</summary>
    private static int[] Divide(int total, double[] weights)
    {
        var sum = weights.Sum();
        double[] exact = [.. weights.Select(weight => total * weight / sum)];
        int[] parts = [.. exact.Select(part => (int)part)];
        var left = total - parts.Sum();
        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(i => exact[i] - parts[i]).Take(left))
            parts[index]++;
        return parts;
    }

    /// <summary>The objects of one resource in one namespace.</summary>
    private sealed record Group(
        string Prefix,
        string? Resource,
        string? Namespace,
        NameStyle Style,
        string[]? Names,
        int Count,
        int MeanBytes,
        int Seed
    )
    {
        public IEnumerable<SizedKey> Keys()
        {
            var random = new Random(Seed);
            var taken = new HashSet<string>();
            while (taken.Count < Count)
            {
                var name = Names is null ? ObjectNames.Next(Style, random) : Names[taken.Count];
                if (taken.Add(name))
                    yield return new SizedKey(
                        Prefix + name,
                        random.Next(Math.Max(1, MeanBytes / 2), Math.Max(1, MeanBytes * 3 / 2) + 1)
                    );
            }
        }

        public KeyUsage Measure() =>
            // Keys are ASCII.
            new(Prefix, Resource, Namespace, Count, Keys().Sum(key => (long)key.Key.Length + key.ValueBytes));
    }
}

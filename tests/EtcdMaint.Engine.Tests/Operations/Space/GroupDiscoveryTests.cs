using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Tests.Properties;
using EtcdMaint.TestCluster;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>The groups of keys and their counts, and what it costs to find them.</summary>
public sealed class GroupDiscoveryTests(ITestOutputHelper output)
{
    [Fact]
    public Task Every_key_is_counted_once_in_the_group_of_its_name() =>
        Property.ForAllAsync(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            150,
            seed => CheckAsync(seed).GetAwaiter().GetResult()
        );

    private static async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        var sets = new KeySets(random);
        MemoryKeys keys = KeySets.Measured(sets.Next(), random);
        string prefix = sets.Prefix(keys.Keys);
        int? depth = sets.Depth();
        GroupDiscovery found = await SpaceReads.DiscoverAsync(
            SpaceReads.ReaderOf(new MemoryMember(keys)),
            prefix,
            depth
        );

        string[] own = [.. keys.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
        bool hasCustomRoot = own.Any(key => key.StartsWith(KeySets.CustomRoot, StringComparison.Ordinal));
        (string, long)[] expected =
        [
            .. own.GroupBy(key => KeyGrouping.GroupOf(key, prefix, depth, hasCustomRoot))
                .Select(group => (group.Key, group.LongCount()))
                .OrderBy(group => group.Key, StringComparer.Ordinal),
        ];
        Assert.Equal(expected, found.Groups.Select(group => (group.Prefix, group.Count)));
        Assert.Equal(own.Length, found.Resources.Sum(resource => resource.Count));
        SpanNode[] spans =
        [
            .. found
                .Groups.SelectMany(group => group.Spans)
                .OrderBy(node => node.First ?? node.Span.From, StringComparer.Ordinal),
        ];
        Assert.All(spans, node => Assert.Equal(keys.Count(node.Span), node.Count));
        Assert.All(
            spans.Zip(spans.Skip(1)),
            pair =>
                Assert.True(string.CompareOrdinal(pair.First.Span.To, pair.Second.First ?? pair.Second.Span.From) <= 0)
        );
        Assert.All(
            own,
            key => Assert.Equal(KeyGrouping.GroupOf(key, prefix, depth, hasCustomRoot), found.GroupOf(key))
        );
    }

    /// <summary>Up to 3.6, etcd walks through the index of each span, so the sum of the walks is the load.</summary>
    [Theory]
    [InlineData(0, 150)]
    [InlineData(2, 120)]
    public async Task Two_hundred_resources_in_thirty_namespaces_take_few_calls_and_short_walks(
        int deletedNamespaces,
        int mostCalls
    )
    {
        var objects = new KubernetesObjects(
            new KubernetesObjectOptions
            {
                Keys = 100_000,
                Resources = 200,
                Namespaces = 30,
            }
        );
        var keys = new MemoryKeys(
            objects
                .Keys()
                .OrderBy(key => !key.Key.StartsWith("/registry/namespaces/", StringComparison.Ordinal))
                .Skip(deletedNamespaces)
                .Select(key => new KeySize(key.Key, key.ValueBytes))
        );
        GroupDiscovery found = await SpaceReads.DiscoverAsync(SpaceReads.ReaderOf(new MemoryMember(keys)));

        output.WriteLine(
            $"{found.Groups.Count} groups, {keys.Calls} calls, walked {(double)keys.Walked / keys.Keys.Count:0.00} times"
        );
        Assert.Equal(keys.Keys.Count, found.Groups.Sum(group => group.Count));
        Assert.InRange(keys.Calls, 1, mostCalls);
        Assert.InRange(keys.Walked, 1, 4 * keys.Keys.Count);
    }

    /// <summary>Nothing tells these groups beforehand: they are found one after the other, in parallel parts.</summary>
    [Theory]
    [InlineData("/team-{0:d4}/", "")]
    [InlineData("{0:x8}/", "")]
    [InlineData("/registry/pods/ns-{0:d4}/", "/registry/pods/")]
    public async Task Five_hundred_unknown_groups_take_few_calls_and_short_walks(string group, string prefix)
    {
        var random = new Random(3);
        string[] groups =
        [
            .. Enumerable
                .Range(0, 500)
                .Select(i =>
                    string.Format(
                        CultureInfo.InvariantCulture,
                        group,
                        group.Contains('x') ? i * 8_675_309L % 4_000_000_007 : i
                    )
                ),
        ];
        var keys = new MemoryKeys(
            groups.SelectMany(g =>
                Enumerable.Range(0, random.Next(1, 300)).Select(i => new KeySize($"{g}object-{i}", 1))
            )
        );
        GroupDiscovery found = await SpaceReads.DiscoverAsync(SpaceReads.ReaderOf(new MemoryMember(keys)), prefix);

        output.WriteLine($"{keys.Calls} calls, walked {(double)keys.Walked / keys.Keys.Count:0.00} times");
        Assert.Equal(groups.Order(StringComparer.Ordinal), found.Groups.Select(g => g.Prefix));
        Assert.InRange(keys.Calls, 1, 80);
        Assert.InRange(keys.Walked, 1, 12 * keys.Keys.Count);
    }
}

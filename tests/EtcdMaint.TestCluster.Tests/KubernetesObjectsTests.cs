using System.Text;
using System.Text.Json;

namespace EtcdMaint.TestCluster.Tests;

public sealed class KubernetesObjectsTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Equal_seeds_make_equal_keys_and_sizes()
    {
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Seed = 7 });
        Assert.Equal(objects.Keys(), objects.Keys());
        Assert.Equal(objects.Keys(), new KubernetesObjects(new KubernetesObjectOptions { Seed = 7 }).Keys());
        Assert.NotEqual(objects.Keys(), new KubernetesObjects(new KubernetesObjectOptions { Seed = 8 }).Keys());
    }

    [Fact]
    public void A_few_of_200_resources_have_most_of_the_keys()
    {
        var options = new KubernetesObjectOptions
        {
            Keys = 50_000,
            Resources = 200,
            Namespaces = 30,
        };
        var objects = new KubernetesObjects(options);
        var byResource = objects
            .Usage.Where(usage => usage.Resource is not null)
            .GroupBy(usage => usage.Resource)
            .Select(resource => resource.Sum(usage => usage.KeyCount))
            .OrderDescending()
            .ToList();
        output.WriteLine(
            $"{objects.KeyCount} keys, {objects.Bytes} bytes, by resource: {string.Join(' ', byResource)}"
        );

        Assert.Equal(200, byResource.Count);
        Assert.Equal(50_000, byResource.Sum());
        Assert.InRange(byResource.Take(5).Sum(), 25_000, 45_000);
        Assert.Equal(30, objects.Usage.Select(usage => usage.Namespace).OfType<string>().Distinct().Count());

        SizedKey[] keys = [.. objects.Keys().Where(key => key.Key.StartsWith("/registry/", StringComparison.Ordinal))];
        Assert.Equal(50_000, keys.DistinctBy(key => key.Key).Count());
        Assert.InRange(keys.Average(key => key.ValueBytes), 1_800, 2_000);
        Assert.Matches(
            "^/registry/pods/[a-z0-9-]+/[a-z-]+-[a-z0-9]{10}-[a-z0-9]{5}$",
            keys.First(key => key.Key.StartsWith("/registry/pods/", StringComparison.Ordinal)).Key
        );
        Assert.Contains(keys, key => key.Key.StartsWith("/registry/minions/node-", StringComparison.Ordinal));
        Assert.Contains(
            keys,
            key => key.Key.StartsWith("/registry/cert-manager.io/certificates/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Sizes_are_from_half_to_one_and_a_half_of_the_mean_of_a_resource()
    {
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Keys = 20_000 });
        int[] pods =
        [
            .. objects
                .Keys()
                .Where(key => key.Key.StartsWith("/registry/pods/", StringComparison.Ordinal))
                .Select(key => key.ValueBytes),
        ];
        Assert.True(pods.Length > 1_000, $"{pods.Length} pods");
        var mean = pods.Average();
        Assert.InRange(pods.Min() / mean, 0.47, 0.55);
        Assert.InRange(pods.Max() / mean, 1.45, 1.53);
    }

    [Theory]
    [InlineData("/registry")]
    [InlineData("/k8s/prod-1")]
    public async Task The_stored_keys_and_bytes_are_those_that_it_states(string root)
    {
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Root = root });
        await using var cluster = await TestEtcdCluster.StartAsync(cancellation: Cancellation);
        await cluster.Loader.LoadAsync(objects, cancellation: Cancellation);

        var read = await cluster.EtcdctlAsync(["get", "", "--prefix", "--write-out", "json"], Cancellation);
        using var document = JsonDocument.Parse(read.OutputOrThrow());
        var stored = document
            .RootElement.GetProperty("kvs")
            .EnumerateArray()
            .Select(pair =>
                (
                    Key: Encoding.UTF8.GetString(pair.GetProperty("key").GetBytesFromBase64()),
                    pair.GetProperty("value").GetBytesFromBase64().Length
                )
            )
            .ToList();
        Assert.Equal(objects.KeyCount, stored.Count);
        Assert.Equal(2_000, stored.Count(pair => pair.Key.StartsWith($"{root}/", StringComparison.Ordinal)));
        Assert.Equal(
            objects.Usage.Select(usage => (usage.Prefix, usage.KeyCount, usage.Bytes)),
            objects
                .Usage.Select(usage => usage.Prefix)
                .Select(prefix =>
                {
                    var below = stored.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
                    return (prefix, below.Count, below.Sum(pair => (long)pair.Key.Length + pair.Length));
                })
        );
    }
}

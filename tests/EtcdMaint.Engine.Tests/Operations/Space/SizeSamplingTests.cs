using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Safety;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Space;

/// <summary>Whether the estimates of a sample are right on average, and as exact as they state.</summary>
public sealed class SizeSamplingTests(ITestOutputHelper output)
{
    private const int Seeds = 60;
    private const long Budget = Limits.Space.MinimumSampleBytes;

    [Theory]
    [InlineData("uniform")]
    [InlineData("lognormal")]
    [InlineData("by namespace")]
    [InlineData("in order")]
    public async Task Estimates_are_unbiased_and_within_the_stated_error_in_most_samples(string distribution)
    {
        var keys = new MemoryKeys(Sizes(distribution));
        var truth = new Dictionary<string, double>();
        double bias = 0;
        int intervals = 0;
        int held = 0;
        long most = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            long before = keys.BytesRead;
            SpanReader reader = SpaceReads.ReaderOf(new MemoryMember(keys));
            GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
            await new SizeSampling(reader, new Random(seed), _ => { }).RunAsync(found.Resources, Budget);

            foreach (KeySize key in seed == 0 ? keys.Sizes : [])
                truth[found.GroupOf(key.Key)] = truth.GetValueOrDefault(found.GroupOf(key.Key)) + key.Bytes;
            EtcdSpaceUsage[] largest =
            [
                .. new SpaceUsageRows("test", "1").Of(found, null).OrderByDescending(row => truth[row.Prefix]).Take(10),
            ];
            // The others are estimated by their resource, so they are right only together.
            EtcdSpaceUsage[] own =
            [
                .. largest.Where(row => row is { BytesAreExact: false, BytesErrorRatio: not null }),
            ];
            bias += own.Sum(row => row.Bytes!.Value) / own.Sum(row => truth[row.Prefix]) - 1;
            intervals += own.Length;
            held += own.Count(row =>
                Math.Abs(row.Bytes!.Value - truth[row.Prefix]) <= row.BytesErrorRatio!.Value * row.Bytes.Value
            );
            most = Math.Max(most, keys.BytesRead - before);
        }
        output.WriteLine(
            $"{distribution}: bias {bias / Seeds:P2}, {held} of {intervals} intervals ({(double)held / intervals:P1}), "
                + $"at most {most:N0} bytes"
        );
        Assert.InRange(bias / Seeds, -0.01, 0.01);
        Assert.InRange(intervals, Seeds * 7, int.MaxValue);
        Assert.InRange((double)held / intervals, 0.9, 1);
        Assert.InRange(most, 1, (long)(1.5 * Budget));
    }

    [Fact]
    public async Task Any_set_of_keys_is_sampled_to_the_end()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            MemoryKeys keys = KeySets.Measured(new KeySets(random).Next(), random);
            SpanReader reader = SpaceReads.ReaderOf(new MemoryMember(keys));
            GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
            await new SizeSampling(reader, random, _ => { }).RunAsync(found.Resources, Budget);
            Assert.All(
                new SpaceUsageRows("test", "1").Of(found, null),
                row => Assert.True(row.Bytes > 0, $"{seed}: {row.Prefix} {row.KeyCount} {row.Bytes}")
            );
        }
    }

    /// <summary>A small sample too has enough draws for each of the groups that the user looks at.</summary>
    [Fact]
    public async Task The_ten_largest_groups_of_sixteen_megabytes_are_estimated_closely()
    {
        var objects = new KubernetesObjects(new KubernetesObjectOptions { Keys = 8_000, Resources = 30 });
        var keys = new MemoryKeys(objects.Keys().Select(key => new KeySize(key.Key, key.Key.Length + key.ValueBytes)));
        KeyUsage[] largest = [.. objects.Usage.OrderByDescending(usage => usage.Bytes).Take(10)];
        var errors = new List<double>();
        for (int seed = 0; seed < 20; seed++)
        {
            SpanReader reader = SpaceReads.ReaderOf(new MemoryMember(keys));
            GroupDiscovery found = await SpaceReads.DiscoverAsync(reader);
            await new SizeSampling(reader, new Random(seed), _ => { }).RunAsync(found.Resources, Budget);
            Dictionary<string, EtcdSpaceUsage> rows = new SpaceUsageRows("test", "1")
                .Of(found, null)
                .ToDictionary(row => row.Prefix);
            errors.AddRange(
                largest.Select(usage => Math.Abs(1 - (double)rows[usage.Prefix].Bytes!.Value / usage.Bytes))
            );
        }
        errors.Sort();
        output.WriteLine(
            $"median {errors[errors.Count / 2]:P1}, 95 % {errors[errors.Count * 95 / 100]:P1}, {errors[^1]:P1}"
        );
        Assert.InRange(errors[errors.Count * 95 / 100], 0, 0.1);
        Assert.InRange(errors[^1], 0, 0.2);
    }

    private static IEnumerable<KeySize> Sizes(string distribution)
    {
        var random = new Random(7);
        string[] resources = ["pods", "events", "secrets", "configmaps", "acme.com/widgets", "jobs", "leases"];
        string[] namespaces = ["default", "kube-system", "web", "web-2", "team-1", "a", "b", "c"];
        for (int i = 0; i < 40_000; i++)
        {
            int resource = (int)(resources.Length * Math.Pow(random.NextDouble(), 2));
            int name = (int)(namespaces.Length * Math.Pow(random.NextDouble(), 2));
            string key = $"/registry/{resources[resource]}/{namespaces[name]}/app-{random.Next(1 << 24):x6}";
            int bytes = distribution switch
            {
                "uniform" => random.Next(500, 4500),
                "lognormal" => (int)(1500 * Math.Exp(Normal(random) * 0.8)),
                "by namespace" => 500 * (name + 1) + random.Next(200),
                _ => 200 + key.Last() * 20 + key[^6] * 20,
            };
            yield return new KeySize(key, key.Length + bytes);
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

using System.Diagnostics;
using System.Globalization;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>What the measures of <c>Get-EtcdSpaceUsage</c> share: the data, and how its rows are read.</summary>
internal static class SpaceUsageData
{
    public const string Root = "/registry";

    private const long Quota = 8L << 30;

    /// <summary>Objects of Kubernetes, 200 resources in 30 namespaces, of 2 kB each with their keys.</summary>
    public static KubernetesObjects Objects(int keys, int seed = 1) =>
        new(
            new KubernetesObjectOptions
            {
                Seed = seed,
                Keys = keys,
                Resources = 200,
                Namespaces = 30,
                Root = Root,
                AverageValueBytes = 1_920,
            }
        );

    /// <summary>Starts a cluster and loads the objects.</summary>
    public static async Task<TestEtcdCluster> StartAsync(BenchmarkRun run, KubernetesObjects objects, int members = 3)
    {
        TestEtcdCluster cluster = await run.StartClusterAsync(members, Quota, metricsApart: true);
        try
        {
            var watch = Stopwatch.StartNew();
            await cluster.Loader.LoadAsync(objects, cancellation: run.Stop);
            BenchmarkRun.Say(
                $"  loaded {objects.KeyCount:N0} keys, {objects.Bytes / 1_000_000:N0} MB, in "
                    + $"{watch.Elapsed.TotalSeconds:0} s"
            );
            foreach (ClusterMember member in cluster.Members)
                await member.CommittedAsync(run.Stop);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the cmdlet and returns its own time, without the time to read its rows.</summary>
    public static async Task<(TimeSpan Took, IReadOnlyList<SpaceUsageRow> Rows)> GetSpaceUsageAsync(
        this ModuleProcess module,
        string parameters = ""
    )
    {
        ScriptRun run = await module.RunAsync($"$usage = @(Get-EtcdSpaceUsage {parameters})");
        ScriptRun rows = await module.RunAsync(
            "foreach ($row in $usage) { \"$($row.Prefix)`t$($row.KeyCount)`t$($row.Bytes)`t\" + "
                + "\"$($row.BytesErrorRatio)`t$($row.WritesPerSecond)\" }"
        );
        return (run.Elapsed, [.. rows.Rows.Select(SpaceUsageRow.Parse)]);
    }

    /// <summary>The keys of Kubernetes in the rows, which the alternatives count, too.</summary>
    public static long KeysOf(IEnumerable<SpaceUsageRow> rows) =>
        rows.Where(r => r.Prefix.StartsWith($"{Root}/", StringComparison.Ordinal)).Sum(r => r.Keys);

    public static string Work(long keys) => string.Create(CultureInfo.InvariantCulture, $"{keys} keys");
}

/// <summary>A row of the cmdlet.</summary>
/// <param name="Prefix">Without a slash at its end.</param>
internal sealed record SpaceUsageRow(string Prefix, long Keys, long? Bytes, double? ErrorRatio, double? WritesPerSecond)
{
    public static SpaceUsageRow Parse(string line)
    {
        string[] cells = line.Split('\t');
        return new SpaceUsageRow(
            cells[0].TrimEnd('/'),
            long.Parse(cells[1], CultureInfo.InvariantCulture),
            cells[2].Length == 0 ? null : long.Parse(cells[2], CultureInfo.InvariantCulture),
            Number(cells[3]),
            Number(cells[4])
        );
    }

    private static double? Number(string cell) =>
        cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
}

using System.Globalization;
using EtcdMaint.Simulation;

namespace EtcdMaint.Package.Tests.Fleet;

/// <summary>
/// A fleet that several pwsh processes maintain at the same time, a shard each. Some of them are killed at random
/// moments and started again. <c>ETCDMAINT_LONG=1</c> has 1,000 clusters in 20 shards. A failure shows its seed, which
/// <c>ETCDMAINT_SEED</c> repeats.
/// </summary>
public sealed class ShardedFleetTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 3;

    // Most of the time is the start of the processes.
    private static readonly (int Clusters, int Shards) Extent = Environment.GetEnvironmentVariable("ETCDMAINT_LONG")
        is "1"
        ? (1000, 20)
        : (80, 8);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly TemporaryFolder _folder = new();

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );

    private string Csv => Path.Combine(_folder.Path, "fleet.csv");

    [Fact]
    public async Task Every_cluster_is_maintained_once_although_processes_are_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "Needs the addresses 127.0.0.0/8.");
        _stop.CancelAfter(Limit);
        int seed = int.TryParse(Environment.GetEnvironmentVariable("ETCDMAINT_SEED"), out int given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"ETCDMAINT_SEED={seed}");
        var random = new Random(seed);
        int[] shards = [.. Enumerable.Range(1, Extent.Shards)];
        random.Shuffle(shards);
        int longest = Extent.Clusters / Extent.Shards / 2;
        Dictionary<int, int> kills = shards.Take(Killed).ToDictionary(shard => shard, _ => random.Next(1, longest));

        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(
            new FleetOptions(Extent.Clusters, 1) { ConditionOf = _ => ClusterCondition.Fragmented }
        );
        await fleet.WriteCsvAsync(Csv);
        long started = TimeProvider.System.GetTimestamp();
        ShardResult[] results = await Task.WhenAll(
            shards.Order().Select(shard => RunAsync(fleet, shard, kills.GetValueOrDefault(shard)))
        );
        TimeSpan total = TimeProvider.System.GetElapsedTime(started);
        foreach (ShardResult result in results)
            output.WriteLine(result.ToString());
        TimeSpan slowest = results.Max(result => result.Duration);
        output.WriteLine($"{total.TotalSeconds:0.0} s, the slowest shard {slowest.TotalSeconds:0.0} s");

        string[] all = [.. Enumerable.Range(0, Extent.Clusters).Select(SimulatedFleet.NameOf)];
        Assert.Equal(all, results.SelectMany(result => result.Rows).Select(row => row.Cluster).Order());
        Assert.Equal(all, results.SelectMany(result => result.Recorded).Order());
        AssertStatuses(results);
        AssertMaintainedOnce(fleet);
        Assert.InRange(total, TimeSpan.Zero, slowest * 1.1);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// Maintains one shard. If <paramref name="kill"/> is not 0, a first process is killed after that many results.
    /// </summary>
    private async Task<ShardResult> RunAsync(SimulatedFleet fleet, int shard, int kill)
    {
        string journal = Path.Combine(_folder.Path, $"{shard}.jsonl");
        string name = string.Create(CultureInfo.InvariantCulture, $"{shard}/{Extent.Shards}");
        long started = TimeProvider.System.GetTimestamp();
        var before = new Dictionary<string, int>();
        if (kill > 0)
        {
            using var first = new ShardProcess(Csv, name, journal);
            await first.KillAfterAsync(kill, _stop.Token);
            foreach (string cluster in ShardProcess.Recorded(journal))
                before.Add(cluster, CallsTo(fleet, cluster));

            // The next process starts when the locks of the killed one have expired.
            fleet.Expire($"\"ProcessId\":{first.Id},");
        }
        using var last = new ShardProcess(Csv, name, journal);
        ShardRow[] rows = await last.ReadToEndAsync(_stop.Token);
        Assert.Equal(before.Keys.Order(), rows.Where(row => row.IsResumed).Select(row => row.Cluster).Order());
        Assert.All(before, known => Assert.Equal(known.Value, CallsTo(fleet, known.Key)));
        return new ShardResult(
            name,
            kill,
            rows,
            ShardProcess.Recorded(journal),
            TimeProvider.System.GetElapsedTime(started)
        );
    }

    /// <summary>
    /// A cluster that a killed process had finished, but not recorded, needs nothing when the next process looks at it.
    /// </summary>
    private static void AssertStatuses(ShardResult[] results)
    {
        foreach (ShardResult result in results)
        foreach (ShardRow row in result.Rows)
            Assert.Contains(row.Status, result.Kill > 0 ? ["Succeeded", "NothingToDo"] : (string[])["Succeeded"]);
    }

    private static void AssertMaintainedOnce(SimulatedFleet fleet)
    {
        FleetChange[][] changes = [.. fleet.Log.Changes.GroupBy(c => c.Cluster).Select(c => c.ToArray())];
        Assert.Equal(Extent.Clusters, changes.Length);
        Assert.All(changes, of => Assert.Single(of, c => c.Kind is FleetChangeKind.Defragmentation));
        Assert.All(
            changes.SelectMany(of => of.SelectMany((one, i) => of.Skip(i + 1).Select(other => (one, other)))),
            pair => Assert.False(pair.one.Overlaps(pair.other), $"{pair.one} and {pair.other}")
        );
    }

    private static int CallsTo(SimulatedFleet fleet, string cluster) =>
        fleet.Log.CallsTo(int.Parse(cluster[1..], CultureInfo.InvariantCulture));

    private sealed record ShardResult(string Name, int Kill, ShardRow[] Rows, string[] Recorded, TimeSpan Duration)
    {
        public override string ToString() =>
            $"shard {Name}: {Rows.Length} clusters in {Duration.TotalSeconds:0.0} s"
            + (Kill > 0 ? $", killed after {Kill} results" : "");
    }
}

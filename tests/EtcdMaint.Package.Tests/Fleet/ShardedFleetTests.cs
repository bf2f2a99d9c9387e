using System.Globalization;
using EtcdMaint.Simulation;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Fleet;

/// <summary>
/// A fleet that several pwsh processes maintain at the same time, a shard each. Some of them are killed at random
/// moments and started again. <c>ETCDMAINT_LONG=1</c> has 1,000 clusters in 20 shards. A failure shows its seed, which
/// <c>ETCDMAINT_SEED</c> repeats.
/// </summary>
public sealed class ShardedFleetTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 3;
    private const int Members = 3;

    // Most of the time is the start of the processes.
    private static readonly (int Clusters, int Shards) Extent = LongTests.AreWanted ? (1000, 20) : (80, 8);

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
            new FleetOptions(Extent.Clusters, Members)
            {
                ConditionOf = _ => ClusterCondition.Fragmented,
                DefragTime = TimeSpan.FromMilliseconds(300),
            }
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
        Assert.Equal(all, results.SelectMany(result => result.Done).Order());
        AssertStatuses(results);
        AssertMaintainedOnce(fleet);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// Maintains one shard as an engine does. If <paramref name="kill"/> is not 0, a first process is killed after that
    /// many results. The next one starts at once, and does not attempt the clusters whose locks the killed process still
    /// has: it ends with code 2, and a retry finishes the shard when the locks have expired.
    /// </summary>
    private async Task<ShardResult> RunAsync(SimulatedFleet fleet, int shard, int kill)
    {
        string journal = Path.Combine(_folder.Path, $"{shard}.jsonl");
        string name = string.Create(CultureInfo.InvariantCulture, $"{shard}/{Extent.Shards}");
        long started = TimeProvider.System.GetTimestamp();
        string? locks = null;
        if (kill > 0)
        {
            using var first = new ShardProcess(Csv, name, journal);
            locks = $"\"ProcessId\":{first.Id},";
            await first.KillAfterAsync(kill, () => fleet.HasLeased(locks), _stop.Token);
        }
        bool isLocked = locks is not null && fleet.HasLeased(locks);
        ShardEnd end = await ContinueAsync(fleet, name, journal);
        Assert.Equal(isLocked ? 2 : 0, end.ExitCode);
        if (isLocked)
        {
            fleet.Expire(locks!);
            end = await ContinueAsync(fleet, name, journal);
        }
        Assert.True(end.ExitCode == 0, $"shard {name}: {string.Join(", ", end.Rows)}");
        return new ShardResult(
            name,
            kill,
            isLocked,
            end.Rows,
            ShardProcess.Done(journal),
            TimeProvider.System.GetElapsedTime(started)
        );
    }

    /// <summary>Runs a process to its end. It makes no call to a cluster that the journal has as done.</summary>
    private async Task<ShardEnd> ContinueAsync(SimulatedFleet fleet, string name, string journal)
    {
        Dictionary<string, int> done = ShardProcess.Done(journal).ToDictionary(c => c, c => CallsTo(fleet, c));
        using var process = new ShardProcess(Csv, name, journal);
        ShardEnd end = await process.ReadToEndAsync(_stop.Token);
        Assert.Equal(done.Keys.Order(), end.Rows.Where(row => row.IsResumed).Select(row => row.Cluster).Order());
        Assert.All(done, known => Assert.Equal(known.Value, CallsTo(fleet, known.Key)));
        return end;
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
        Assert.All(
            changes,
            of =>
                Assert.Equal(
                    Enumerable.Range(0, Members),
                    of.Where(c => c.Kind is FleetChangeKind.Defragmentation).Select(c => c.Member).Order()
                )
        );
        Assert.All(
            changes.SelectMany(of => of.SelectMany((one, i) => of.Skip(i + 1).Select(other => (one, other)))),
            pair => Assert.False(pair.one.Overlaps(pair.other), $"{pair.one} and {pair.other}")
        );
    }

    private static int CallsTo(SimulatedFleet fleet, string cluster) =>
        fleet.Log.CallsTo(int.Parse(cluster[1..], CultureInfo.InvariantCulture));

    private sealed record ShardResult(
        string Name,
        int Kill,
        bool IsRetried,
        ShardRow[] Rows,
        string[] Done,
        TimeSpan Duration
    )
    {
        public override string ToString() =>
            $"shard {Name}: {Rows.Length} clusters in {Duration.TotalSeconds:0.0} s"
            + (Kill > 0 ? $", killed after {Kill} results{(IsRetried ? ", retried" : "")}" : "");
    }
}

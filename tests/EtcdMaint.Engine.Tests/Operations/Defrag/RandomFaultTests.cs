using System.Diagnostics;
using System.Globalization;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Transport.Tcp;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// Several runs one after the other on one cluster, each with a random fault. On a failure the seed is printed, and
/// <c>ETCDMAINT_SEED</c> reproduces the same faults.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    public static TheoryData<string, int> Clusters =>
        LongTests.AreWanted ? [("3.4", 3), ("3.5.16", 5), ("3.5.30", 3), ("3.6", 3), ("3.7", 3)] : [("3.5.30", 3)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TimeSpan Length => LongTests.AreWanted ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(Clusters))]
    public Task The_safety_invariants_hold_under_random_faults(string release, int members)
    {
        int seed = int.TryParse(
            Environment.GetEnvironmentVariable("ETCDMAINT_SEED"),
            CultureInfo.InvariantCulture,
            out int given
        )
            ? given
            : Random.Shared.Next();
        output.WriteLine($"ETCDMAINT_SEED={seed}");
        return FaultScenario.HoldAsync(
            release,
            scenario => PlayAsync(scenario, new Random(seed)),
            options => options with { Members = members },
            behindProxies: true
        );
    }

    private async Task PlayAsync(FaultScenario scenario, Random chance)
    {
        var watch = Stopwatch.StartNew();
        RunRecorder run;
        do
        {
            await scenario.Etcd.Loader.LoadAsync(2_000_000, 2_000_000, 2000, cancellation: Cancellation);
            await scenario.Real.CompactAsync();
            run = await PlayOnceAsync(scenario, chance);
            scenario.AssertOneRowEach(run);
            scenario.AssertNeverTwoOut();
            await scenario.HealAsync();
        } while (watch.Elapsed < Length);
        await scenario.ProveAsync(run);
    }

    private async Task<RunRecorder> PlayOnceAsync(FaultScenario scenario, Random chance)
    {
        using var stop = new CancellationTokenSource();
        ClusterMember victim = scenario.Etcd.Members[chance.Next(scenario.Etcd.Members.Count)];
        int turn = 1 + chance.Next(scenario.Etcd.Members.Count);
        double slow = chance.NextDouble() * 3;
        TimeSpan until = TimeSpan.FromSeconds(chance.NextDouble() * 2);
        TimeSpan lasts = TimeSpan.FromSeconds(chance.NextDouble() * 5);
        (string name, Func<Task> fault) = Choose(scenario, chance, victim, lasts, stop);
        var overrides = new HashSet<EtcdGate>(RealCluster.UnseenDisk);
        if (chance.Next(3) == 0)
            overrides.Add(EtcdGate.MemberDown);
        DefragRequest Shape(DefragRequest request) =>
            request with
            {
                DefragTimeout = TimeSpan.FromSeconds(3),
                StopTimeout = TimeSpan.FromSeconds(2),
                CallTimeout = TimeSpan.FromSeconds(5),
                ContinueOnError = chance.Next(2) == 0,
                RequireLeaderMove = chance.Next(2) == 0,
                Override = overrides,
            };

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} on {victim.Name}, {until.TotalSeconds:0.00} s into turn {turn}, for "
                    + $"{lasts.TotalSeconds:0.00} s; slow by {slow:0.0} s"
            )
        );
        return await scenario.RunAsync(
            Shape,
            turn,
            before: member => scenario.SlowAsync(member, slow),
            meanwhile: async _ =>
            {
                await Task.Delay(until, Cancellation);
                await fault();
            },
            stop: stop.Token,
            mayMiss: true
        );
    }

    private static (string Name, Func<Task> Happens) Choose(
        FaultScenario scenario,
        Random chance,
        ClusterMember victim,
        TimeSpan lasts,
        CancellationTokenSource stop
    )
    {
        NetworkProxy way = scenario.Proxy(victim);
        (string, Func<Task>)[] faults =
        [
            (
                "SIGKILL",
                async () =>
                {
                    await victim.KillAsync(Cancellation);
                    await Task.Delay(lasts, Cancellation);
                    victim.Launch();
                }
            ),
            (
                "SIGSTOP",
                async () =>
                {
                    victim.Suspend();
                    await Task.Delay(lasts, Cancellation);
                    victim.Resume();
                }
            ),
            (
                "cut",
                async () =>
                {
                    way.Cut();
                    await Task.Delay(lasts, Cancellation);
                    way.Heal();
                }
            ),
            (
                "black hole",
                async () =>
                {
                    way.BlackHole();
                    await Task.Delay(lasts, Cancellation);
                    way.Heal();
                }
            ),
            (
                "dropped connections",
                () =>
                {
                    way.Drop();
                    return Task.CompletedTask;
                }
            ),
            ("another leader", () => scenario.Etcd.EtcdctlAsync("move-leader", victim.Id, "--command-timeout", "3s")),
            ("Ctrl+C", stop.CancelAsync),
            ("nothing", () => Task.CompletedTask),
        ];
        return faults[chance.Next(faults.Length)];
    }
}

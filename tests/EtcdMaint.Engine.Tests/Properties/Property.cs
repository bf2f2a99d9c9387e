using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.TestCluster;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>
/// Runs scenarios until one breaks the property, then looks for a simpler one that breaks it too. The message of the
/// failure contains the seed: <c>ETCDMAINT_SEED=seed,gamma</c> runs the same scenarios again, <c>ETCDMAINT_LONG=1</c>
/// many more.
/// </summary>
internal static class Property
{
    private const int LongFactor = 25;

    public static Task HoldsAsync(
        Arbitrary<Scenario> scenarios,
        int tests,
        Action<SimulatedRun> check,
        Func<Scenario, Scenario>? with = null,
        Replay? always = null
    ) =>
        ForAllAsync(scenarios, tests, scenario => check(SimulatedRun.Play(with?.Invoke(scenario) ?? scenario)), always);

    /// <param name="values">The values to choose from.</param>
    /// <param name="tests">The number of values to choose.</param>
    /// <param name="check">Throws if the property does not hold.</param>
    /// <param name="always">A fixed choice, for properties that are not about single values; null for a different
    /// choice each time.</param>
    public static Task ForAllAsync<T>(Arbitrary<T> values, int tests, Action<T> check, Replay? always = null)
    {
        Config config = Config
            .QuickThrowOnFailure.WithMaxTest(LongTests.AreWanted ? tests * LongFactor : tests)
            .WithQuietOnSuccess(true)
            .WithReplay((Seed() ?? always) is { } seed ? FSharpOption<Replay>.Some(seed) : FSharpOption<Replay>.None);
        return OwnThread.Run(() => Check.One(config, Prop.ForAll(values, check)));
    }

    public static void Require(this SimulatedRun run, bool holds, string what)
    {
        if (!holds)
            throw new PropertyBrokenException($"{what}{Environment.NewLine}{run.Story}");
    }

    private static Replay? Seed()
    {
        string[] parts = (Environment.GetEnvironmentVariable("ETCDMAINT_SEED") ?? "").Split(',');
        return
            parts.Length == 2 && ulong.TryParse(parts[0], out ulong seed) && ulong.TryParse(parts[1], out ulong gamma)
            ? new Replay(new Rnd(seed, gamma), FSharpOption<int>.None)
            : null;
    }
}

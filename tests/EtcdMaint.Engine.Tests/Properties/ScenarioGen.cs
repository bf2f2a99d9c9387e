using EtcdMaint.Engine.Tests.Simulation;
using FsCheck;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>All kinds of clusters, schedules of faults and requests.</summary>
internal static class ScenarioGen
{
    public static Arbitrary<Scenario> Calm => Arb.From(Any(faults: Gen.Constant(0)), ScenarioShrink.Smaller);

    public static Arbitrary<Scenario> Faulty => Arb.From(Any(faults: Gen.Choose(0, 4)), ScenarioShrink.Smaller);

    private static Gen<Scenario> Any(Gen<int> faults) =>
        from members in Members
        from leader in Gen.Choose(0, Voters(members) - 1)
        from writes in Gen.Elements(0.0, 0, 50, 2000)
        from compacts in Rarely(Seconds(1, 40), TimeSpan.FromMilliseconds(200))
        from count in faults
        from schedule in Gen.ArrayOf(FaultGen.Any(members.Length), count)
        from wishes in Wishes
        select wishes with
        {
            Members = members,
            Leader = leader,
            WritesPerSecond = writes,
            CompactsIn = compacts,
            Faults = schedule,
        };

    private static Gen<MemberShape[]> Members =>
        from voters in Gen.Frequency(
            (1, Gen.Constant(1)),
            (1, Gen.Constant(2)),
            (5, Gen.Constant(3)),
            (1, Gen.Constant(4)),
            (3, Gen.Constant(5)),
            (1, Gen.Choose(6, 7))
        )
        from learners in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from shapes in Gen.ArrayOf(Shape, voters + learners)
        select shapes.Select((s, i) => s with { IsLearner = i >= voters }).ToArray();

    private static Gen<MemberShape> Shape =>
        from inUse in Gen.Frequency((3, Gen.Choose(10, 500)), (1, Gen.Choose(500, 4000)))
        from free in Gen.Frequency((1, Gen.Choose(0, 10)), (5, Gen.Choose(20, 3000)))
        from pace in Gen.Elements(1.0, 10, 10, 30, 100)
        from hasMetrics in Usually(true, false)
        from seesDisk in Usually(true, false)
        from isNonBlocking in Usually(false, true)
        from version in Gen.Frequency(
            (8, Gen.Elements("3.5.30", "3.6.14", "3.4.23", "3.5.16")),
            (1, Gen.Constant("3.5.3"))
        )
        from given in Gen.Frequency(
            (12, Gen.Constant<UpstreamState?>(UpstreamState.Done)),
            (1, Gen.Constant<UpstreamState?>(UpstreamState.Failed)),
            (1, Gen.Constant<UpstreamState?>(UpstreamState.Planned)),
            (2, Gen.Constant<UpstreamState?>(null))
        )
        select new MemberShape(
            inUse + free,
            inUse,
            pace,
            HasMetrics: hasMetrics,
            Version: isNonBlocking ? "3.8.0" : version,
            Given: given,
            SeesDisk: seesDisk,
            IsNonBlocking: isNonBlocking
        );

    private static Gen<Scenario> Wishes =>
        from moves in Usually(false, true)
        from goesOn in Gen.Elements(false, true)
        from noLock in Usually(false, true)
        from overrides in Gen.SubListOf(Enum.GetValues<EtcdGate>())
        from notAfter in Rarely(Seconds(0, 200).Select(s => (TimeSpan?)s), null)
        from limit in Rarely(Seconds(1, 60).Select(s => (TimeSpan?)s), null)
        from stall in Rarely(Gen.Constant<TimeSpan?>(TimeSpan.FromSeconds(1)), null)
        from stops in Rarely(Milliseconds(0, 120_000).Select(s => (TimeSpan?)s), null)
        from wait in Gen.Elements(TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5))
        from thinks in Rarely(Seconds(5, 900), TimeSpan.Zero)
        from rule in Rarely(Seconds(0, 90).Select(s => (TimeSpan?)s), null)
        from refuses in Gen.Choose(0, 7)
        select new Scenario
        {
            Members = [],
            RequiresMove = moves,
            ContinuesOnError = goesOn,
            TakesNoClusterLock = noLock,
            Overrides = [.. overrides],
            NotAfter = notAfter,
            DefragTimeout = limit,
            MaximumStall = stall,
            StopsAfter = stops,
            StopTimeout = wait,
            Thinks = thinks,
            RuleTakes = rule,
            RuleRefusesFrom = refuses,
        };

    public static Gen<TimeSpan> Milliseconds(int from, int to) =>
        Gen.Choose(from, to).Select(ms => TimeSpan.FromMilliseconds(ms));

    public static Gen<TimeSpan> Seconds(int from, int to) => Gen.Choose(from, to).Select(s => TimeSpan.FromSeconds(s));

    public static Gen<T> Rarely<T>(Gen<T> rare, T else_) => Gen.Frequency((5, Gen.Constant(else_)), (1, rare));

    private static Gen<T> Usually<T>(T usual, T else_) => Rarely(Gen.Constant(else_), usual);

    private static int Voters(MemberShape[] members) => members.Count(m => !m.IsLearner);
}

using EtcdMaint.Engine.Tests.Simulation;
using FsCheck;
using FsCheck.Fluent;

namespace EtcdMaint.Engine.Tests.Properties;

/// <summary>
/// Faults at critical moments: before the run, during its checks, just after a Defragment, and in between.
/// </summary>
internal static class FaultGen
{
    public static Gen<Fault> Any(int members) => Gen.Frequency((4, Anytime(members)), (1, Late(members)));

    private static Gen<Fault> Anytime(int members) =>
        from kind in Gen.Elements(Enum.GetValues<FaultKind>())
        from member in Gen.Choose(-1, members - 1)
        from afterDefrag in Gen.Choose(0, Math.Min(3, members))
        from delay in Gen.Frequency(
            (1, Gen.Constant(TimeSpan.Zero)),
            (3, ScenarioGen.Milliseconds(1, 1500)),
            (2, ScenarioGen.Milliseconds(1500, 30_000)),
            (1, ScenarioGen.Seconds(30, 300))
        )
        from lasts in Gen.Frequency<TimeSpan?>(
            (2, Gen.Constant<TimeSpan?>(null)),
            (3, ScenarioGen.Milliseconds(100, 5000).Select(s => (TimeSpan?)s)),
            (2, ScenarioGen.Seconds(5, 300).Select(s => (TimeSpan?)s))
        )
        select new Fault(kind, member, afterDefrag, delay, lasts);

    /// <summary>
    /// Another tool that starts between the confirmation and the request, when the gates have already passed.
    /// </summary>
    private static Gen<Fault> Late(int members) =>
        from member in Gen.Choose(0, members - 1)
        from confirmation in Gen.Choose(1, members)
        from delay in ScenarioGen.Milliseconds(0, 12)
        select new Fault(FaultKind.ForeignDefrag, member, 0, delay, null) { AfterConfirmation = confirmation };
}

using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

internal enum FaultKind
{
    Kill,
    Suspend,
    BreakConnections,
    BlackHole,
    Refuse,
    CutFromPeers,
    ForeignDefrag,
    MoveLead,
    ArmCorrupt,
    ArmNoSpace,
    FillDisk,
    HideMetrics,
    StaleList,
    OtherAnswers,
    FallBehind,
}

/// <summary>
/// An event at a member, a given time after the start, after the run's n-th Defragment, or after its n-th confirmation,
/// which comes directly before the final check.
/// </summary>
/// <param name="AfterDefrag">0: after the start of the run; n: after the n-th Defragment that is sent.</param>
/// <param name="Member">The member's number; -1 for the member to which the Defragment was sent.</param>
/// <param name="Lasts">The duration; null for permanent.</param>
internal sealed record Fault(FaultKind Kind, int Member, int AfterDefrag, TimeSpan Delay, TimeSpan? Lasts)
{
    /// <summary>n: after the n-th confirmation; 0 if <see cref="AfterDefrag"/> applies.</summary>
    public int AfterConfirmation { get; init; }

    private string Trigger =>
        AfterConfirmation > 0 ? $"confirmation {AfterConfirmation}"
        : AfterDefrag == 0 ? "start"
        : $"Defragment {AfterDefrag}";

    public override string ToString() =>
        $"{Kind} {(Member < 0 ? "the defragmenting one" : $"m{Member}")} {Delay.TotalSeconds:0.###} s after {Trigger}"
        + (Lasts is { } lasts ? $" for {lasts.TotalSeconds:0.###} s" : "");
}

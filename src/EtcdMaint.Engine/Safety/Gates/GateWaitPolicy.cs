namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>How long a run waits for closed gates.</summary>
/// <param name="Brief">The longest wait for gates that open within seconds.</param>
internal sealed record GateWaitPolicy(TimeSpan Brief)
{
    /// <summary>Before the first member of a run.</summary>
    public static GateWaitPolicy BeforeRun { get; } = new(Limits.Gates.WaitBeforeRun);

    /// <summary>Before each member.</summary>
    public static GateWaitPolicy WithinRun { get; } = new(Limits.Gates.WaitWithinRun);

    /// <summary>In a health check of the runbook.</summary>
    public static GateWaitPolicy InRunbook { get; } = new(Limits.Gates.WaitInRunbook);

    /// <summary>The longest wait for a gate of this kind.</summary>
    public TimeSpan LimitOf(GateWait wait) =>
        wait switch
        {
            GateWait.Never => TimeSpan.Zero,
            GateWait.Brief => Brief,
            _ => Limits.Gates.WorkWait,
        };
}

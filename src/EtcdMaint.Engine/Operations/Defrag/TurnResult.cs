namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The result of a member's turn for the run.</summary>
internal abstract record TurnResult
{
    private TurnResult() { }

    /// <summary>The member has its row, and the next member may start.</summary>
    public static TurnResult Done { get; } = new Completed();

    /// <summary>The member has become the leader, and other members come first.</summary>
    public static TurnResult Requeue { get; } = new Postponed();

    /// <summary>No other member may start.</summary>
    /// <param name="reason">The reason, as in the rows of the remaining members.</param>
    /// <param name="brief">The reason in few words; null if the reason is short.</param>
    public static TurnResult EndRun(string reason, string? brief = null) => new Ended(reason, brief);

    private sealed record Completed : TurnResult;

    private sealed record Postponed : TurnResult;

    /// <summary>The result of <see cref="EndRun"/>.</summary>
    /// <param name="Reason">Why no other member may start.</param>
    /// <param name="Brief">The same in few words; null if the reason is short.</param>
    public sealed record Ended(string Reason, string? Brief) : TurnResult;
}

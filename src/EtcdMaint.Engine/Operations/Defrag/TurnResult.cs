namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>What a member's turn means for the run.</summary>
internal abstract record TurnResult
{
    private TurnResult() { }

    /// <summary>The member has its row, and the next member may start.</summary>
    public static TurnResult Done { get; } = new Completed();

    /// <summary>The member has become the leader, and other members come first.</summary>
    public static TurnResult Requeue { get; } = new Postponed();

    /// <summary>No other member may start.</summary>
    /// <param name="reason">Why, as the rows of the members that are left say it.</param>
    public static TurnResult EndRun(string reason) => new Ended(reason);

    private sealed record Completed : TurnResult;

    private sealed record Postponed : TurnResult;

    /// <summary>The result of <see cref="EndRun"/>.</summary>
    /// <param name="Reason">Why no other member may start.</param>
    public sealed record Ended(string Reason) : TurnResult;
}

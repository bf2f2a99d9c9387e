using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Decides whether leadership is moved before the leader is defragmented.</summary>
internal static class LeaderMovePolicy
{
    /// <summary>What a plan says if the decision is made only after the compaction.</summary>
    public static string Condition { get; } =
        "leadership is moved first if the predicted pause is then still "
        + $"{Limits.Defrag.LeaderMoveThreshold.TotalSeconds:0} s or more";

    public static bool Wants(DefragRequest request, TimeSpan predicted) =>
        !request.KeepLeader && (request.RequireLeaderMove || predicted >= Limits.Defrag.LeaderMoveThreshold);

    /// <summary>Whether a shorter pause than the predicted one can change the decision.</summary>
    public static bool DependsOnPause(DefragRequest request, TimeSpan predicted) =>
        !request.RequireLeaderMove && Wants(request, predicted);
}

using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>Creates findings. A closed gate and an exception keep their own IDs.</summary>
internal static class Findings
{
    public static EtcdFinding Of(GateRefusal closed) =>
        new()
        {
            FindingId = closed.Gate.ToString(),
            Severity = EtcdFindingSeverity.Error,
            Message = closed.Why,
            RecommendedAction = closed.Action,
            Gate = closed.Gate,
            Wait = closed.Wait,
        };

    public static EtcdFinding Of(EtcdException failed) =>
        new()
        {
            FindingId = failed.ErrorId,
            Severity = EtcdFindingSeverity.Error,
            Message = failed.Message,
            RecommendedAction = failed.RecommendedAction,
        };

    /// <summary>A closed gate that is less than an error for the health of the cluster.</summary>
    public static EtcdFinding Of(
        GateRefusal closed,
        ResolvedMember member,
        EtcdFindingSeverity severity,
        string? action
    ) => About(member, closed.Gate.ToString(), severity, closed.Why, action) with { Gate = closed.Gate };

    public static EtcdFinding About(
        ResolvedMember? member,
        string id,
        EtcdFindingSeverity severity,
        string message,
        string? action = null
    ) =>
        new()
        {
            FindingId = id,
            Severity = severity,
            MemberId = member is null ? null : HexId.Format(member.Id),
            MemberName = member?.ToString(),
            Message = message,
            RecommendedAction = action,
        };
}

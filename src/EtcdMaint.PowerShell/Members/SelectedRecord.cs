using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A record that <c>Select-Object</c> reduced to a property bag. Only its Status property then shows the result for the
/// member. The Member property alone would not show a failure.
/// </summary>
internal sealed class SelectedRecord : IUpstreamResult
{
    private const string Selected = "Selected.EtcdMaint.";

    /// <summary>
    /// The results that have a Status, each with a function that reads it from text; null for text that is not a
    /// Status.
    /// </summary>
    private static readonly Dictionary<string, Func<string?, IUpstreamResult?>> Results = new()
    {
        [nameof(EtcdCompactionResult)] = text =>
            Enum.TryParse(text, ignoreCase: true, out EtcdCompactionStatus status)
                ? new EtcdCompactionResult { Status = status }
                : null,
        [nameof(EtcdDefragResult)] = text =>
            Enum.TryParse(text, ignoreCase: true, out EtcdDefragStatus status)
                ? new EtcdDefragResult { Status = status }
                : null,
        [nameof(EtcdAlarm)] = text =>
            Enum.TryParse(text, ignoreCase: true, out EtcdAlarmStatus status)
                ? new EtcdAlarm { Status = status }
                : null,
    };

    private SelectedRecord(EtcdMember member, UpstreamState upstream, string? reason, bool isStatusLost) =>
        (Member, Upstream, Reason, IsStatusLost) = (member, upstream, reason, isStatusLost);

    /// <summary>The result with only its Status; null if the record was not a result, or lost its Status.</summary>
    public IUpstreamResult? Result { get; private init; }

    public string ClusterName => Member.ClusterName;

    public string ClusterId => Member.ClusterId;

    public string MemberId => Member.MemberId;

    public string MemberName => Member.MemberName;

    public EtcdMember Member { get; }

    public UpstreamState Upstream { get; }

    public string? Reason { get; }

    public string? Brief => null;

    /// <summary>Whether the record was a result and its Status is missing, so that its outcome is unknown.</summary>
    public bool IsStatusLost { get; }

    /// <summary>
    /// Returns the remaining record; null if it is not a record, or if it does not identify a member.
    /// </summary>
    public static SelectedRecord? Read(PSObject bag)
    {
        if (
            bag.TypeNames.FirstOrDefault(name => name.StartsWith(Selected, StringComparison.Ordinal)) is not string name
            || Value(bag, nameof(Member)) is not EtcdMember member
        )
            return null;
        if (!Results.TryGetValue(name[Selected.Length..], out Func<string?, IUpstreamResult?>? read))
            return new SelectedRecord(member, UpstreamState.Done, null, isStatusLost: false);
        IUpstreamResult? result = read(Value(bag, nameof(EtcdDefragResult.Status))?.ToString());
        return new SelectedRecord(
            member,
            result?.Upstream ?? UpstreamState.Failed,
            Value(bag, nameof(Reason))?.ToString(),
            isStatusLost: result is null
        )
        {
            Result = result,
        };
    }

    private static object? Value(PSObject bag, string property) =>
        bag.Properties[property]?.Value is PSObject wrapped ? wrapped.BaseObject : bag.Properties[property]?.Value;
}

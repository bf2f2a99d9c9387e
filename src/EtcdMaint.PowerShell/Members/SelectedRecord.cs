using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// A record that went through <c>Select-Object</c>, which leaves a bag of properties of it. What became of the member
/// is then known from the property Status alone; the Member beside it would say that all is well.
/// </summary>
internal sealed class SelectedRecord : IUpstreamResult
{
    private const string Selected = "Selected.EtcdMaint.";

    /// <summary>
    /// The results that have a Status, and what each says of itself; null for a text that is no Status.
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

    public string ClusterName => Member.ClusterName;

    public string ClusterId => Member.ClusterId;

    public string MemberId => Member.MemberId;

    public string MemberName => Member.MemberName;

    public EtcdMember Member { get; }

    public UpstreamState Upstream { get; }

    public string? Reason { get; }

    /// <summary>Whether it was the result of work, and nobody can say of which.</summary>
    public bool IsStatusLost { get; }

    /// <summary>The record that is left of it; null when it is none, or no member can be worked on by it.</summary>
    public static SelectedRecord? Read(PSObject bag)
    {
        if (
            bag.TypeNames.FirstOrDefault(name => name.StartsWith(Selected, StringComparison.Ordinal)) is not string name
            || Value(bag, nameof(Member)) is not EtcdMember member
        )
            return null;
        if (!Results.TryGetValue(name[Selected.Length..], out Func<string?, IUpstreamResult?>? read))
            return new SelectedRecord(member, UpstreamState.Done, null, isStatusLost: false);
        UpstreamState? state = read(Value(bag, nameof(EtcdDefragResult.Status))?.ToString())?.Upstream;
        return new SelectedRecord(
            member,
            state ?? UpstreamState.Failed,
            Value(bag, nameof(Reason))?.ToString(),
            isStatusLost: state is null
        );
    }

    private static object? Value(PSObject bag, string property) =>
        bag.Properties[property]?.Value is PSObject wrapped ? wrapped.BaseObject : bag.Properties[property]?.Value;
}

using System.Globalization;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Sums up a plan in one line: members, pauses, gain and leadership.</summary>
internal sealed class PlanSummary(DefragContext session)
{
    private int _members;
    private TimeSpan _pauses;
    private long? _gain = 0;
    private string _leadership = "leadership stays";

    /// <summary>The summary, or null if no member would be defragmented.</summary>
    public string? Text =>
        _members == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"What if: {_members} {(_members == 1 ? "member" : "members")} of {session.Connection.ClusterName}, "
                    + $"about {Seconds} of pauses, {Gain}, {_leadership}."
            );

    private string Seconds =>
        _pauses.TotalSeconds.ToString(_pauses.TotalSeconds < 10 ? "0.0 s" : "0 s", CultureInfo.InvariantCulture);

    private string Gain =>
        _gain is { } bytes ? $"about {ByteText.Of(bytes)} to reclaim" : "the compaction shows how much is reclaimed";

    /// <summary>Adds a member. Call this before the member has its row.</summary>
    public void Add(MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        _members++;
        _pauses += predicted;
        _gain = session.Results.IsBeforeCompaction(reading.Id) ? null : _gain + reading.Status!.FreeBytes;
        if (isLeader && LeaderMovePolicy.Wants(session.Request, predicted))
            _leadership = $"leadership moves away from {reading.Member}";
    }
}

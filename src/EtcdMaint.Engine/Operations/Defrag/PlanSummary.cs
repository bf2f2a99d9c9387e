using System.Globalization;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>Sums up a plan in one line: members, pauses, gain and leadership.</summary>
internal sealed class PlanSummary(DefragContext session)
{
    private int _members;
    private TimeSpan _pauses;
    private long _minimum;
    private long _maximum;
    private bool _isKnownLater;
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
        _isKnownLater
            ? $"{ReclaimRange.Format(_minimum, _maximum)} to reclaim, known after the compaction"
            : $"about {ByteText.Of(_minimum)} to reclaim";

    /// <summary>Adds a member. Call this before the member has its row.</summary>
    public void Add(MemberReading reading, TimeSpan predicted, bool isLeader)
    {
        _members++;
        _pauses += predicted;
        bool isBefore = session.Results.IsBeforeCompaction(reading.Id);
        ReclaimRange range = ReclaimRange.Of(reading.Status!);
        _isKnownLater |= isBefore;
        _minimum += range.Minimum;
        _maximum += isBefore ? range.Maximum : range.Minimum;
        if (!isLeader || !LeaderMovePolicy.Wants(session.Request, predicted))
            return;
        _leadership =
            isBefore && LeaderMovePolicy.DependsOnPause(session.Request, predicted)
                ? LeaderMovePolicy.Condition
                : $"leadership moves away from {reading.Member}";
    }
}

namespace EtcdMaint.Monitoring;

/// <summary>
/// Compares each reading of the members of one cluster with the readings before: rates, and what changed. It keeps one
/// row of each member.
/// </summary>
internal sealed class StatusMonitor(TimeProvider time)
{
    /// <summary>
    /// The time for which a change is shown, so that a person who looks away for a moment still sees it. A member that
    /// does not answer shows since when, for as long as that lasts.
    /// </summary>
    private static readonly TimeSpan ChangeShown = TimeSpan.FromSeconds(30);

    /// <summary>A file that shrinks by this part or more was defragmented.</summary>
    private const double Shrunk = 0.1;

    private Dictionary<string, Seen> _seen = [];

    /// <summary>Adds a reading.</summary>
    /// <param name="rows">The rows. Empty if no member could be asked: those of the reading before then count as
    /// members that do not answer.</param>
    /// <param name="startedAt">The timestamp of <see cref="TimeProvider"/> at which the reading began.</param>
    public IReadOnlyList<ObservedStatus> Add(IReadOnlyList<EtcdMemberStatus> rows, long startedAt)
    {
        if (rows.Count == 0)
            rows = [.. _seen.Values.Select(seen => seen.Status.WithoutAnswer())];
        // A member that has left the cluster is forgotten.
        DateTimeOffset readAt = time.GetUtcNow();
        _seen = rows.ToDictionary(row => row.MemberId, row => Compare(row, startedAt, readAt));
        return
        [
            .. _seen.Values.Select(seen => new ObservedStatus(
                seen.Status,
                Age(seen) < ChangeShown || !seen.Status.IsReachable ? seen.Change : null,
                Age(seen)
            )),
        ];
    }

    private TimeSpan Age(Seen seen) => time.GetElapsedTime(seen.ChangedAt);

    private Seen Compare(EtcdMemberStatus row, long startedAt, DateTimeOffset readAt)
    {
        Seen? before = _seen.GetValueOrDefault(row.MemberId);
        double seconds = before is null ? 0 : time.GetElapsedTime(before.AnsweredAt, startedAt).TotalSeconds;
        EtcdMemberStatus? answered = before?.Answered;
        EtcdMemberStatus current = row.AsObserved(
            readAt,
            // A revision that is lower than before belongs to another history.
            Rate(answered?.Revision, row.Revision, seconds) is >= 0 and var writes
                ? writes
                : null,
            Rate(answered?.DbSize, row.DbSize, seconds)
        );
        string? change = before is null ? null : Describe(before, current);
        return new Seen(
            current,
            current.IsReachable ? current : answered,
            current.IsReachable ? startedAt : before?.AnsweredAt ?? startedAt,
            change ?? before?.Change,
            change is null ? before?.ChangedAt ?? startedAt : startedAt
        );
    }

    private static double? Rate(long? before, long? now, double seconds) =>
        seconds > 0 ? (now - before) / seconds : null;

    private static string? Describe(Seen before, EtcdMemberStatus now)
    {
        if (before.Status.IsReachable && !now.IsReachable)
            return "no longer answers";
        if (!now.IsReachable)
            return null;
        List<string> changes = [];
        if (!before.Status.IsReachable)
            changes.Add("answers again");
        if (before.Answered is { } last)
            changes.AddRange(Compare(last, now));
        return changes.Count > 0 ? string.Join("; ", changes) : null;
    }

    private static IEnumerable<string> Compare(EtcdMemberStatus last, EtcdMemberStatus now)
    {
        if (last.Role != now.Role)
            yield return $"{now.Role}, was {last.Role}";
        foreach (EtcdAlarmType alarm in now.Alarm.Except(last.Alarm))
            yield return $"{alarm} armed";
        foreach (EtcdAlarmType alarm in last.Alarm.Except(now.Alarm))
            yield return $"{alarm} cleared";
        if (last.Version != now.Version)
            yield return $"version {now.Version}, was {last.Version}";
        if (last.DbSize is { } size && now.DbSize < size * (1 - Shrunk))
            yield return $"the file was {ByteText.Of(size)}";
    }

    /// <param name="Status">The last row.</param>
    /// <param name="Answered">The last row with an answer; null if there was none.</param>
    /// <param name="AnsweredAt">When the reading of that row began.</param>
    /// <param name="Change">The last change; null if there was none.</param>
    /// <param name="ChangedAt">When the reading that found it began.</param>
    private sealed record Seen(
        EtcdMemberStatus Status,
        EtcdMemberStatus? Answered,
        long AnsweredAt,
        string? Change,
        long ChangedAt
    );
}

using EtcdMaint.SizeHistory;

namespace EtcdMaint.Forecasts;

/// <summary>The samples of one member in a history, in order of time.</summary>
internal sealed class MemberSeries
{
    private readonly HistoryMember _newest;

    private MemberSeries(List<(DateTimeOffset At, HistoryMember Member, bool IsAfter)> samples)
    {
        _newest = samples[^1].Member;
        FirstAt = samples[0].At;
        LastAt = samples[^1].At;
        QuotaBytes = samples.FindLast(sample => sample.Member.QuotaBytes is not null).Member?.QuotaBytes;
        File = [.. samples.Select(s => Point(s.At, (s.IsAfter ? s.Member.DbSizeAfter : null) ?? s.Member.DbSize))];
        InUse =
        [
            .. samples.Select(s => Point(s.At, (s.IsAfter ? s.Member.DbSizeInUseAfter : null) ?? s.Member.DbSizeInUse)),
        ];
    }

    public string MemberId => _newest.MemberId;

    public string MemberName => _newest.MemberName;

    public DateTimeOffset FirstAt { get; }

    public DateTimeOffset LastAt { get; }

    public long? QuotaBytes { get; }

    /// <summary>The sizes of the file; the newest one is at day 0.</summary>
    public SizePoint[] File { get; }

    /// <summary>The data in use at the same times.</summary>
    public SizePoint[] InUse { get; }

    /// <summary>Returns the series of each member. A run has two samples of a member, before it and after it.</summary>
    public static IEnumerable<MemberSeries> Of(IEnumerable<HistoryRecord> records) =>
        records
            .SelectMany(Samples)
            .GroupBy(sample => sample.Member.MemberId)
            .Select(member => new MemberSeries([
                .. member.DistinctBy(sample => (sample.At, sample.IsAfter)).OrderBy(s => s.At).ThenBy(s => s.IsAfter),
            ]));

    private static IEnumerable<(DateTimeOffset At, HistoryMember Member, bool IsAfter)> Samples(HistoryRecord record)
    {
        foreach (HistoryMember member in record.Member)
        {
            yield return (record.StartedAt, member, false);
            if (record.EndedAt is { } end && member is { DbSizeAfter: not null, DbSizeInUseAfter: not null })
                yield return (end, member, true);
        }
    }

    private SizePoint Point(DateTimeOffset at, long bytes) => new((at - LastAt).TotalDays, bytes);
}

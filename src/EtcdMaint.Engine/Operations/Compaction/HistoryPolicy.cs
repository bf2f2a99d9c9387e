using System.Globalization;
using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Compaction;

/// <summary>Decides how much history is kept, and from which length on a compaction is due.</summary>
internal static class HistoryPolicy
{
    /// <summary>
    /// Returns the number of revisions to keep: at least the given number, and those of the given time at the measured
    /// rate.
    /// </summary>
    public static long Keep(long revisions, TimeSpan duration, double? writesPerSecond) =>
        Math.Max(revisions, (long)Math.Ceiling(duration.TotalSeconds * (writesPerSecond ?? 0)));

    /// <summary>
    /// Whether the history is so long that a compaction is due. A compaction costs no pause, but frees pages that a
    /// defragmentation can return.
    /// </summary>
    /// <param name="history">The history.</param>
    /// <param name="revisions">The number of revisions to keep at least.</param>
    /// <param name="duration">The time whose revisions are kept.</param>
    public static bool IsLong(ClusterHistory history, long revisions, TimeSpan duration) =>
        history.ApiServer is not { IsStale: false } && history.Length >= LongLength(history, revisions, duration);

    /// <summary>Shows the length with its limit; empty if the API server decides about the history.</summary>
    public static string DescribeLength(ClusterHistory history, long revisions, TimeSpan duration) =>
        history.ApiServer is { IsStale: false } || history.Length is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{history.Length:N0} revisions of history, limit {LongLength(history, revisions, duration):N0}: "
                    + $"{(IsLong(history, revisions, duration) ? "yes" : "no")}"
            );

    private static long LongLength(ClusterHistory history, long revisions, TimeSpan duration) =>
        Limits.Compaction.LongHistory
        + Keep(
            revisions,
            duration > Limits.Compaction.UsualHistory ? duration : Limits.Compaction.UsualHistory,
            history.WritesPerSecond
        );

    /// <summary>
    /// Whether time decides something: the history may be long, or the API server may have stopped compacting.
    /// </summary>
    public static bool NeedsTime(ClusterHistory history) =>
        history.Length >= Limits.Compaction.LongHistory
        || history.Newest - history.ApiServer?.TickRevision >= Limits.Compaction.LongHistory;

    /// <summary>Describes the kept revisions for a report.</summary>
    public static string Describe(long kept, long revisions) =>
        kept == 0 ? "keeping no history"
        : kept > revisions
            ? string.Create(CultureInfo.InvariantCulture, $"keeping {kept:N0} revisions, those of -KeepDuration")
        : string.Create(CultureInfo.InvariantCulture, $"keeping {kept:N0} revisions");
}

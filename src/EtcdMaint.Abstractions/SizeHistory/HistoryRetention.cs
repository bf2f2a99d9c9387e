using System.Numerics;

namespace EtcdMaint.SizeHistory;

/// <summary>
/// Limits the size of a history. The newest lines of each cluster are kept. Old lines are removed only when the file
/// has about doubled, because this writes the whole file again.
/// </summary>
internal static class HistoryRetention
{
    /// <summary>
    /// Lines of a cluster. Samples of every hour are kept for six weeks, those of every day for as long as
    /// <see cref="MaximumAge"/>.
    /// </summary>
    public const int MaximumLines = 1000;

    /// <summary>Age of a line, compared with the newest one.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromDays(400);

    /// <summary>
    /// Time between two lines of a status. A status that is read every few seconds must not displace the samples of
    /// weeks.
    /// </summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMinutes(30);

    /// <summary>The size up to which a file is never changed.</summary>
    public const long SmallFile = 1024 * 1024;

    /// <summary>The share of the lines from which their removal is worth a new file.</summary>
    private const double WorthwhileShare = 0.25;

    /// <summary>Removes old lines after a line was appended.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="added">The bytes of the new line.</param>
    /// <param name="now">The time of the new line.</param>
    public static void Apply(JsonLineFile file, int added, DateTimeOffset now)
    {
        // A power of two is passed once each time that the size doubles.
        long before = Math.Max(file.Length - added, 1);
        if (file.Length < SmallFile || BitOperations.Log2((ulong)before) == BitOperations.Log2((ulong)file.Length))
            return;
        bool[] kept = Choose(file, now);
        if (kept.Count(isKept => !isKept) >= WorthwhileShare * kept.Length)
            file.Replace(file.Lines().Where((_, index) => kept[index]));
    }

    private static bool[] Choose(JsonLineFile file, DateTimeOffset now)
    {
        List<(string Cluster, DateTimeOffset At, bool IsStatus)> lines = [.. file.Lines().Select(Key)];
        bool[] kept = new bool[lines.Count];
        var newer = new Dictionary<string, (int Count, DateTimeOffset At)>();
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            (string cluster, DateTimeOffset at, bool isStatus) = lines[i];
            (int count, DateTimeOffset next) = newer.GetValueOrDefault(cluster, (0, DateTimeOffset.MaxValue));
            kept[i] = count < MaximumLines && now - at <= MaximumAge && !(isStatus && next - at < Spacing);
            if (kept[i])
                newer[cluster] = (count + 1, at);
        }
        return kept;
    }

    /// <summary>Lines that this version cannot read are kept like those of one cluster.</summary>
    private static (string Cluster, DateTimeOffset At, bool IsStatus) Key(ReadOnlyMemory<byte> line) =>
        HistoryJson.Read(line) is { } record
            ? ($"{record.ClusterName}\n{record.ClusterId}", record.StartedAt, record.EndedAt is null)
            : ("", DateTimeOffset.MaxValue, false);
}

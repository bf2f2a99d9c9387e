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
        List<(string Cluster, DateTimeOffset At)> lines = [.. file.Lines().Select(Key)];
        bool[] kept = new bool[lines.Count];
        var counts = new Dictionary<string, int>();
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            (string cluster, DateTimeOffset at) = lines[i];
            counts[cluster] = counts.GetValueOrDefault(cluster) + 1;
            kept[i] = counts[cluster] <= MaximumLines && now - at <= MaximumAge;
        }
        return kept;
    }

    /// <summary>Lines that this version cannot read are kept like those of one cluster.</summary>
    private static (string Cluster, DateTimeOffset At) Key(ReadOnlyMemory<byte> line) =>
        HistoryJson.Read(line) is { } record
            ? ($"{record.ClusterName}\n{record.ClusterId}", record.StartedAt)
            : ("", DateTimeOffset.MaxValue);
}

using System.Text.Json;
using EtcdMaint.Reports;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Journal;

/// <summary>
/// Where the results of a journal are in its file. The results themselves stay there, because a fleet can have
/// thousands of them.
/// </summary>
internal sealed class JournalIndex
{
    private readonly Dictionary<string, List<Entry>> _entries = new(StringComparer.OrdinalIgnoreCase);

    private JournalIndex() { }

    /// <summary>The length of the complete lines.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last line is complete except for its line break.</summary>
    public bool LacksLineBreak { get; private set; }

    /// <summary>Reads all lines. A last line that was not written completely is ignored.</summary>
    /// <exception cref="EtcdException">The file is not a journal, or another line is damaged.</exception>
    public static JournalIndex Read(SafeFileHandle file, string path, ResumePolicy policy)
    {
        var index = new JournalIndex();
        long number = 0;
        foreach (FileLine line in FileLine.ReadAll(file))
        {
            bool isKept = ++number == 1 ? IsHeader(line, path) : index.Add(line, number, path, policy);
            if (!isKept)
                break;
            index.Length = line.Offset + line.Content.Length + (line.IsComplete ? 1 : 0);
            index.LacksLineBreak = !line.IsComplete;
        }
        return index;
    }

    /// <summary>
    /// Returns where the last result of the cluster is if the cluster is done; null otherwise. Without an ID, the name
    /// decides. Another ID means another cluster.
    /// </summary>
    public (long Offset, int Length)? FindDone(string clusterName, string? clusterId) =>
        _entries.TryGetValue(clusterName, out List<Entry>? named)
        && named.FindLast(entry => entry.MayBe(clusterId)) is { IsDone: true } last
            ? (last.Offset, last.Length)
            : null;

    private static bool IsHeader(FileLine line, string path)
    {
        if (JournalHeader.ReadVersion(line.Content) is { } version)
            return version == JsonDocumentWriter.SchemaVersion
                ? true
                : throw JournalErrors.VersionUnknown(path, version);
        return !line.IsComplete && JournalHeader.IsBeginning(line.Content.Span)
            ? false
            : throw JournalErrors.NotAJournal(path);
    }

    private bool Add(FileLine line, long number, string path, ResumePolicy policy)
    {
        EtcdMaintenanceReport report;
        try
        {
            using var document = JsonDocument.Parse(line.Content);
            report = JsonReport.Read(document.RootElement);
        }
        catch (Exception damage) when (damage is JsonException or FormatException or InvalidOperationException)
        {
            return line.IsComplete ? throw JournalErrors.Damaged(path, number, damage) : false;
        }
        if (!_entries.TryGetValue(report.ClusterName, out List<Entry>? named))
            _entries.Add(report.ClusterName, named = []);
        named.Add(new Entry(report.ClusterId, line.Offset, line.Content.Length, policy.IsDone(report)));
        return true;
    }

    private sealed record Entry(string ClusterId, long Offset, int Length, bool IsDone)
    {
        public bool MayBe(string? clusterId) =>
            clusterId is null
            || ClusterId.Length == 0
            || ClusterId.Equals(clusterId, StringComparison.OrdinalIgnoreCase);
    }
}

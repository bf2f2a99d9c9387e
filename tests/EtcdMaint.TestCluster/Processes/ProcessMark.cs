using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>A process ID with its start time, so that a reused ID is never mistaken for the earlier process.</summary>
internal sealed record ProcessMark(int Id, string Started)
{
    public static ProcessMark Own { get; } = Of(Environment.ProcessId);

    public static ProcessMark Of(int processId) => new(processId, ReadStart(processId));

    public bool IsAlive => Exists(Id) && ReadStart(Id) == Started;

    public static ProcessMark? Parse(string text)
    {
        var words = text.Split(' ', 2);
        return int.TryParse(words[0], out var id)
            ? new ProcessMark(id, words.ElementAtOrDefault(1)?.Trim() ?? "")
            : null;
    }

    public override string ToString() => $"{Id} {Started}";

    private static bool Exists(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Field 22 of /proc/PID/stat (clock ticks since boot); without /proc it is unknown.</summary>
    private static string ReadStart(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The name, in parentheses, may contain spaces: count from the end.
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}

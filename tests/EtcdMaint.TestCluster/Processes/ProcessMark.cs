using System.Diagnostics;

namespace EtcdMaint.TestCluster;

/// <summary>
/// A process id together with its start, so that a reused id is never taken for the process that had it before.
/// </summary>
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

    /// <summary>
    /// Field 22 of /proc/PID/stat (clock ticks since boot); where there is no /proc, nothing is known.
    /// </summary>
    private static string ReadStart(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The name, in brackets, may hold spaces: count from behind it.
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

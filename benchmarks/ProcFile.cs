using System.Globalization;

namespace EtcdMaint.Benchmarks;

/// <summary>Files of /proc with a name and a number of kB on each line.</summary>
internal static class ProcFile
{
    /// <summary>Null if the system has no such file or line.</summary>
    public static long? ReadBytes(string path, string name)
    {
        try
        {
            string? line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith($"{name}:", StringComparison.Ordinal));
            return line is null
                ? null
                : long.Parse(
                    line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                ) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

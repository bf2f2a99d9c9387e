namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// The syntax of paths on Windows and on other systems. Unlike <see cref="Path"/>, it does not depend on the system
/// that runs the code, so the rules of Windows are tested on every system.
/// </summary>
internal static class PlatformPath
{
    /// <summary>Returns true for a path that does not depend on the current folder or the current drive.</summary>
    public static bool IsAbsolute(string path, bool isWindows) =>
        !isWindows ? path.StartsWith('/')
        : path.Length >= 3 && path[1] == ':' ? char.IsAsciiLetter(path[0]) && IsSeparator(path[2])
        : path.Length >= 2 && IsSeparator(path[0]) && IsSeparator(path[1]);

    /// <summary>Returns true for a name without a folder or a drive.</summary>
    public static bool IsName(string path, bool isWindows) =>
        path.Length > 0 && path.IndexOfAny(isWindows ? ['\\', '/', ':'] : ['/']) < 0;

    public static string Combine(string folder, string name, bool isWindows) =>
        folder.EndsWith('/') || (isWindows && folder.EndsWith('\\'))
            ? folder + name
            : folder + (isWindows ? '\\' : '/') + name;

    /// <summary>
    /// Returns the entries of a variable such as PATH. On Windows, quotation marks enclose an entry with a semicolon.
    /// </summary>
    public static IReadOnlyList<string> SplitList(string list, bool isWindows)
    {
        if (!isWindows)
            return list.Split(':', StringSplitOptions.RemoveEmptyEntries);
        var entries = new List<string>();
        bool isQuoted = false;
        int start = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            if (i < list.Length && list[i] == '"')
                isQuoted = !isQuoted;
            if (i < list.Length && (list[i] != ';' || isQuoted))
                continue;
            entries.Add(list[start..i].Replace("\"", "", StringComparison.Ordinal));
            start = i + 1;
        }
        return [.. entries.Where(entry => entry.Length > 0)];
    }

    public static string JoinList(IEnumerable<string> entries, bool isWindows) =>
        isWindows
            ? string.Join(';', entries.Select(entry => entry.Contains(';') ? $"\"{entry}\"" : entry))
            : string.Join(':', entries);

    private static bool IsSeparator(char c) => c is '\\' or '/';
}

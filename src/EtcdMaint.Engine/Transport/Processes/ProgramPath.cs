using System.Diagnostics;
using System.Runtime.InteropServices;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Finds a program of this machine by its absolute path, or by its name on PATH. The current folder is never searched:
/// another user may have put a program of the same name there. For the same reason, entries of PATH that are empty or
/// relative are ignored, as kubectl ignores them.
/// </summary>
internal static class ProgramPath
{
    private const string Variable = "PATH";

    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly char[] Separators =
    [
        Path.DirectorySeparatorChar,
        Path.AltDirectorySeparatorChar,
        Path.VolumeSeparatorChar,
    ];

    private static string[] Folders =>
        [
            .. (Environment.GetEnvironmentVariable(Variable) ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(entry => entry.Trim('"'))
                .Where(Path.IsPathFullyQualified),
        ];

    /// <exception cref="DialException">There is no such program.</exception>
    public static string Find(string program) =>
        TryFind(program) ?? throw new DialException(CallFailure.ProgramMissing, WhyMissing(program));

    /// <summary>The absolute path of the program; null when it is not found.</summary>
    public static string? TryFind(string program)
    {
        IEnumerable<string> places =
            IsName(program) ? Folders.Select(folder => Path.Combine(folder, program))
            : Path.IsPathFullyQualified(program) ? [program]
            : [];
        return places.SelectMany(Spellings).FirstOrDefault(IsProgram);
    }

    /// <summary>
    /// Leaves a program that is started the folders that are searched here, so that it finds its own programs only
    /// there.
    /// </summary>
    public static void Restrict(ProcessStartInfo start)
    {
        // For the C library an empty PATH is the current folder, and an absent one the system's own folders.
        if (Folders is { Length: > 0 } folders)
            start.Environment[Variable] = string.Join(Path.PathSeparator, folders);
        else
            start.Environment.Remove(Variable);
    }

    /// <summary>
    /// The names under which Windows starts a program: without an extension of <c>PATHEXT</c>, one is added.
    /// </summary>
    internal static IEnumerable<string> WithExtensions(string path, string extensions)
    {
        string[] all = extensions.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IEnumerable<string> added = all.Select(extension => path + extension);
        return all.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? added.Prepend(path) : added;
    }

    private static bool IsName(string program) => program.Length > 0 && program.IndexOfAny(Separators) < 0;

    private static IEnumerable<string> Spellings(string path) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? WithExtensions(path, Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD")
            : [path];

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) || (File.GetUnixFileMode(path) & AnyExecute) != 0);

    private static string WhyMissing(string program) =>
        IsName(program) ? $"no folder of PATH has a program '{program}', and the current folder is not searched"
        : Path.IsPathFullyQualified(program) ? $"{program} does not exist or is not executable"
        : $"'{program}' is a relative path, and programs are started only by absolute path or by name";
}

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

    /// <exception cref="DialException">The program was not found.</exception>
    public static string Find(string program) =>
        TryFind(program) ?? throw new DialException(CallFailure.ProgramMissing, WhyMissing(program));

    /// <summary>Returns the absolute path of the program, or null if it was not found.</summary>
    public static string? TryFind(string program)
    {
        IEnumerable<string> places =
            IsName(program) ? Folders.Select(folder => Path.Combine(folder, program))
            : Path.IsPathFullyQualified(program) ? [program]
            : [];
        return places.SelectMany(Spellings).FirstOrDefault(IsProgram);
    }

    /// <summary>
    /// Limits PATH of a started program to the folders that are searched here, so that it finds other programs only
    /// there.
    /// </summary>
    public static void Restrict(ProcessStartInfo start)
    {
        // The C library reads an empty PATH as the current folder, and uses the folders of the system if PATH is
        // absent.
        if (Folders is { Length: > 0 } folders)
            start.Environment[Variable] = string.Join(Path.PathSeparator, folders);
        else
            start.Environment.Remove(Variable);
    }

    /// <summary>
    /// Returns the names under which Windows starts a program. It adds each extension of <c>PATHEXT</c> to a name
    /// without one.
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

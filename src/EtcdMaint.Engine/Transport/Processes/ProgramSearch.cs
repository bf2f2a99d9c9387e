using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// The search for programs with given variables. The current folder is never searched: another user may have put a
/// program of the same name there. For the same reason, entries of PATH that are empty or relative are ignored, as
/// kubectl ignores them.
/// </summary>
/// <param name="isWindows">Whether the rules of Windows apply.</param>
/// <param name="path">The variable <c>PATH</c>.</param>
/// <param name="extensions">The variable <c>PATHEXT</c> of Windows.</param>
/// <param name="isProgram">Whether a path is a file that can be executed.</param>
internal sealed class ProgramSearch(bool isWindows, string? path, string? extensions, Func<string, bool> isProgram)
{
    public const string PathVariable = "PATH";

    /// <summary>
    /// If this variable exists, the shell of Windows and the functions with which programs start others no longer
    /// search the current folder. Source: NeedCurrentDirectoryForExePath of Windows.
    /// </summary>
    public const string NoCurrentFolderVariable = "NoDefaultCurrentDirectoryInExePath";

    private const string UsualExtensions = ".com;.exe;.bat;.cmd";

    private string[] Folders { get; } =
    [.. PlatformPath.SplitList(path ?? "", isWindows).Where(entry => PlatformPath.IsAbsolute(entry, isWindows))];

    /// <exception cref="DialException">The program was not found.</exception>
    public string Find(string program) =>
        TryFind(program) ?? throw new DialException(CallFailure.ProgramMissing, WhyMissing(program));

    /// <summary>Returns the absolute path of the program, or null if it was not found.</summary>
    public string? TryFind(string program)
    {
        IEnumerable<string> places =
            PlatformPath.IsName(program, isWindows)
                ? Folders.Select(folder => PlatformPath.Combine(folder, program, isWindows))
            : PlatformPath.IsAbsolute(program, isWindows) ? [program]
            : [];
        return places.SelectMany(Spellings).FirstOrDefault(isProgram);
    }

    /// <summary>
    /// Limits the search of a started program to the folders that are searched here, so that it finds other programs
    /// only there.
    /// </summary>
    public void Restrict(IDictionary<string, string?> environment)
    {
        // The C library reads an empty PATH as the current folder, and uses the folders of the system if PATH is
        // absent.
        if (Folders.Length > 0)
            environment[PathVariable] = PlatformPath.JoinList(Folders, isWindows);
        else
            environment.Remove(PathVariable);
        if (isWindows)
            environment[NoCurrentFolderVariable] = "1";
    }

    /// <summary>
    /// Returns the names under which kubectl finds a program on Windows: the name itself if it has an extension, and
    /// the name with each extension of <c>PATHEXT</c>. Source: Go, os/exec/lp_windows.go.
    /// </summary>
    private IEnumerable<string> Spellings(string place)
    {
        if (!isWindows)
            return [place];
        IEnumerable<string> added = (string.IsNullOrEmpty(extensions) ? UsualExtensions : extensions)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(extension => extension.StartsWith('.') ? place + extension : $"{place}.{extension}");
        return place.LastIndexOf('.') > place.LastIndexOfAny(['\\', '/', ':']) ? added.Prepend(place) : added;
    }

    private string WhyMissing(string program) =>
        PlatformPath.IsName(program, isWindows)
            ? $"no folder of PATH has a program '{program}', and the current folder is not searched"
        : PlatformPath.IsAbsolute(program, isWindows) ? $"{program} does not exist or is not executable"
        : $"'{program}' is a relative path, and programs are started only by absolute path or by name";
}

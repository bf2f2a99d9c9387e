using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>Finds a program of this machine by its absolute path, or by its name on PATH.</summary>
internal static class ProgramPath
{
    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static ProgramSearch Search =>
        new(
            OperatingSystem.IsWindows(),
            Environment.GetEnvironmentVariable(ProgramSearch.PathVariable),
            Environment.GetEnvironmentVariable("PATHEXT"),
            IsProgram
        );

    /// <inheritdoc cref="ProgramSearch.Find"/>
    /// <exception cref="DialException">The program was not found.</exception>
    public static string Find(string program) => Search.Find(program);

    /// <inheritdoc cref="ProgramSearch.TryFind"/>
    public static string? TryFind(string program) => Search.TryFind(program);

    /// <inheritdoc cref="ProgramSearch.Restrict"/>
    public static void Restrict(IDictionary<string, string?> environment) => Search.Restrict(environment);

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}

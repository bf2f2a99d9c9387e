using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EtcdMaint.Engine.Transports.Processes;

/// <summary>
/// Gives a child a session of its own, away from the terminal: Ctrl+C there is for this process alone, which decides
/// what becomes of a call in hand, and nothing that the child starts can ask there for a password. Only Linux has
/// <c>setsid</c>; it puts the program in its own place, so that process ID, streams and exit code are the program's.
/// </summary>
internal static class OwnSession
{
    private const UnixFileMode MayRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A program that is not there is left as it is: that is told when it is started.</summary>
    public static void Give(ProcessStartInfo start)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || Find("setsid") is not { } setsid || Find(start.FileName) is not { } program)
            return;
        start.FileName = setsid;
        start.ArgumentList.Insert(0, program);
    }

    /// <summary>Looks where .NET looks for a program: in the folder at hand, then on PATH.</summary>
    [UnsupportedOSPlatform("windows")]
    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend(Environment.CurrentDirectory)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(p => File.Exists(p) && (File.GetUnixFileMode(p) & MayRun) != 0);
}

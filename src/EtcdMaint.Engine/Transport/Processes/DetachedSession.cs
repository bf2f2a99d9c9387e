using System.Diagnostics;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Starts a child that Ctrl+C does not reach, so that this process decides how a running call ends. On Linux, the child
/// gets a session of its own, so no program that it starts can ask for a password in the terminal. Where
/// <c>setsid</c> is missing, as on macOS, the child ignores the signal of Ctrl+C. On Windows, a child without a window
/// has a console of its own. <c>setsid</c> and the shell replace themselves with the program, so process ID, streams
/// and exit code belong to the program.
/// </summary>
internal static class DetachedSession
{
    private const string Shell = "/bin/sh";

    /// <summary>
    /// A program inherits that a signal is ignored. The program and its arguments are parameters of the shell and no
    /// part of the script.
    /// </summary>
    private const string IgnoreInterrupt = "trap '' INT; exec \"$@\"";

    /// <param name="start">The start information, with the absolute path of the program.</param>
    public static void Give(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (PlatformFeatures.Current.HasSetsid && ProgramPath.TryFind("setsid") is { } setsid)
            StartWith(start, setsid);
        else if (ProgramPath.TryFind(Shell) is { } shell)
            StartWith(start, shell, "-c", IgnoreInterrupt, "sh");
    }

    private static void StartWith(ProcessStartInfo start, string program, params string[] arguments)
    {
        string[] all = [.. arguments, start.FileName, .. start.ArgumentList];
        start.FileName = program;
        start.ArgumentList.Clear();
        foreach (string argument in all)
            start.ArgumentList.Add(argument);
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Starts a child in a session of its own, without the terminal. Ctrl+C then reaches only this process, which decides
/// how a running call ends, and no program that the child starts can ask for a password in the terminal. Only Linux has
/// <c>setsid</c>. It replaces itself with the program, so process ID, streams and exit code belong to the program.
/// </summary>
internal static class DetachedSession
{
    /// <param name="start">The start information, with the absolute path of the program.</param>
    public static void Give(ProcessStartInfo start)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || ProgramPath.TryFind("setsid") is not { } setsid)
            return;
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = setsid;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Gives a child a session of its own, away from the terminal: Ctrl+C there is for this process alone, which decides
/// what becomes of a call in hand, and nothing that the child starts can ask there for a password. Only Linux has
/// <c>setsid</c>; it puts the program in its own place, so that process ID, streams and exit code are the program's.
/// </summary>
internal static class DetachedSession
{
    /// <param name="start">Names its program by absolute path.</param>
    public static void Give(ProcessStartInfo start)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || ProgramPath.TryFind("setsid") is not { } setsid)
            return;
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = setsid;
    }
}

using System.Runtime.InteropServices;

namespace EtcdMaint.TestCluster;

/// <summary>Signals by process ID; .NET itself sends only SIGKILL.</summary>
internal static class ProcessSignal
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    public static void Terminate(int processId) => _ = Send(processId, Sigterm);

    public static void Kill(int processId) => _ = Send(processId, Sigkill);

    // The numbers of these two differ between Linux and macOS.
    public static void Stop(int processId)
    {
        _ = Send(processId, OperatingSystem.IsLinux() ? 19 : 17);

        // On a busy machine a thread may still answer a call before it is stopped.
        SpinWait.SpinUntil(() => HasStopped(processId), StopTimeout);
    }

    public static void Continue(int processId) => _ = Send(processId, OperatingSystem.IsLinux() ? 18 : 19);

    /// <summary>Whether every thread is stopped; without /proc it is unknown.</summary>
    private static bool HasStopped(int processId)
    {
        try
        {
            return !Directory.Exists("/proc/self")
                || Directory
                    .EnumerateDirectories($"/proc/{processId}/task")
                    .All(task =>
                        File.ReadLines(Path.Combine(task, "status"))
                            .Any(line => line.StartsWith("State:\tT", StringComparison.OrdinalIgnoreCase))
                    );
        }
        catch (IOException)
        {
            // A thread, or all of them, ended during the check.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);
}

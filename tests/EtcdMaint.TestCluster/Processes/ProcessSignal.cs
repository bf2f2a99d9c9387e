using System.Runtime.InteropServices;

namespace EtcdMaint.TestCluster;

/// <summary>Signals by process id; .NET itself sends none but SIGKILL.</summary>
internal static class ProcessSignal
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;

    public static void Terminate(int processId) => _ = Send(processId, Sigterm);

    public static void Kill(int processId) => _ = Send(processId, Sigkill);

    // The numbers of these two differ between Linux and macOS.
    public static void Stop(int processId) => _ = Send(processId, OperatingSystem.IsLinux() ? 19 : 17);

    public static void Continue(int processId) => _ = Send(processId, OperatingSystem.IsLinux() ? 18 : 19);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);
}

using System.ComponentModel;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// Whether the system refused to start any child process, or only this file. For example, the sandbox of Azure
/// Automation starts none.
/// </summary>
internal static class StartRefusal
{
    // ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED, ERROR_ACCESS_DISABLED_BY_POLICY and ERROR_NOT_ENOUGH_QUOTA.
    private static readonly int[] OnWindows = [5, 50, 1260, 1816];

    // EPERM, EACCES, and EAGAIN of Linux and macOS.
    private static readonly int[] OnUnix = [1, 13, 11, 35];

    /// <param name="cause">The exception with which the start of a program failed, or null if the program was not
    /// found.</param>
    /// <param name="isWindows">Whether the error codes are those of Windows.</param>
    public static bool ConcernsAllPrograms(Exception? cause, bool isWindows) =>
        cause switch
        {
            PlatformNotSupportedException => true,
            Win32Exception refused => (isWindows ? OnWindows : OnUnix).Contains(refused.NativeErrorCode),
            _ => false,
        };
}

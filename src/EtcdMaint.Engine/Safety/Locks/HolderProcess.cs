using System.ComponentModel;
using System.Diagnostics;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// Whether the process that a lock file of this machine names has ended. On Windows, a user can lock the file of
/// another user but cannot write it, so the file of a run that was killed still names that run.
/// </summary>
internal static class HolderProcess
{
    /// <summary>
    /// Returns false if it is unknown. On Linux it is always unknown: the file may be shared with containers, which
    /// have process IDs of their own, and the kernel reports the holder of the lock.
    /// </summary>
    public static bool HasEnded(LockHolder holder) => !OperatingSystem.IsLinux() && IsGone(holder);

    /// <summary>The system assigns the ID of a process that has ended to another process later.</summary>
    internal static bool IsGone(LockHolder holder)
    {
        if (!string.Equals(holder.Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase))
            return false;
        if (holder.ProcessId <= 0)
            return true;
        try
        {
            using Process process = Process.GetProcessById(holder.ProcessId);
            return process.StartTime.ToUniversalTime() - Limits.Locks.ClockTolerance > holder.Since.UtcDateTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return true;
        }
        catch (Exception error) when (error is Win32Exception or NotSupportedException)
        {
            // The process belongs to another user, who does not let this user read it.
            return false;
        }
    }
}

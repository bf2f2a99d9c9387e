using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>
/// Locks on Linux and macOS: <c>flock(2)</c> on a file that was opened without waiting and without following a link.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixLock
{
    private const int ReadWrite = 2;
    private const int Exclusive = 2;
    private const int NoWait = 4;
    private const int Unlock = 8;
    private const int Interrupted = 4;

    /// <summary>O_NONBLOCK, O_NOFOLLOW and O_CLOEXEC. Their values differ by system and processor.</summary>
    private static readonly int Flags = OperatingSystem.IsMacOS()
        ? 0x4 | 0x100 | 0x1000000
        : 0x800
            | 0x80000
            | (RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000);

    public static SafeFileHandle Open(string path)
    {
        int descriptor = open(path, ReadWrite | Flags);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw UnixFile.Failed();
    }

    /// <summary>Returns false if another process, or another object in this process, holds the lock.</summary>
    public static bool TryTake(SafeFileHandle file)
    {
        while (flock(file, Exclusive | NoWait) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                return false;
        }
        return true;
    }

    /// <summary>
    /// Unlocks the file for every process. Closing it is not sufficient: a program that is being started at this moment
    /// has a copy of the descriptor until its first instruction.
    /// </summary>
    public static void Release(SafeFileHandle file) => _ = flock(file, Unlock);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(SafeFileHandle file, int operation);
}

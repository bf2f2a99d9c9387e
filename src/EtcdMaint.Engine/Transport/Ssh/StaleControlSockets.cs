using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// Removes folders for control sockets whose process was killed before it could remove them. A process ID cannot show
/// this, because the system assigns it to another process later. The lock of the lock file in the folder shows it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class StaleControlSockets
{
    public static void Remove(string place)
    {
        foreach (DirectoryInfo folder in new DirectoryInfo(place).EnumerateDirectories($"{ControlSockets.Prefix}*"))
        {
            try
            {
                RemoveIfStale(folder);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process is removing the folder, or the folder contains files of another program.
            }
        }
    }

    private static void RemoveIfStale(DirectoryInfo folder)
    {
        string inUse = Path.Combine(folder.FullName, ControlSockets.InUse);
        if (!IsOwn(folder.FullName, FileKind.Folder) || !IsOwn(inUse, FileKind.Regular))
            return;
        using LockFile file = LockFile.Open(inUse);
        if (!file.IsLocked)
            return;
        foreach (string socket in Directory.EnumerateFiles(folder.FullName).Where(path => IsOwn(path, FileKind.Socket)))
            File.Delete(socket);
        File.Delete(inUse);
        folder.Delete();
    }

    /// <summary>Does not follow links.</summary>
    private static bool IsOwn(string path, FileKind kind) =>
        UnixFile.Find(path) is { } facts && facts.Kind == kind && facts.Owner == geteuid();

    [DllImport("libc")]
    private static extern uint geteuid();
}

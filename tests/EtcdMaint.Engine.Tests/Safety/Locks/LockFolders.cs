using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>Folders for the lock files of runs.</summary>
internal static class LockFolders
{
    /// <summary>A folder that no system can create, because a file has the name of its parent.</summary>
    public static string Impossible { get; } = Path.Combine(typeof(LockFolders).Assembly.Location, "folder");

    /// <summary>
    /// Deletes the lock files that runs on a simulated cluster left on this machine. On Windows, the file of a run that
    /// still holds its lock cannot be deleted.
    /// </summary>
    public static void Clear(ulong clusterId)
    {
        if (!Directory.Exists(MachineLock.Folder))
            return;
        foreach (string file in Directory.GetFiles(MachineLock.Folder, $"etcdmaint-{HexId.Format(clusterId)}.*"))
        {
            try
            {
                File.Delete(file);
            }
            catch (IOException) when (OperatingSystem.IsWindows()) { }
        }
    }
}

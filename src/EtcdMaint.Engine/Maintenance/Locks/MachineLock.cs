namespace EtcdMaint.Engine.Maintenance.Locks;

/// <summary>
/// A lock file for one cluster, shared by all users, processes and runspaces of this machine. The operating system lets
/// go of it when its process ends, however it ends.
/// </summary>
internal sealed class MachineLock : IDisposable
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly FileStream _file;

    private MachineLock(FileStream file) => _file = file;

    /// <summary>The folder that all users share, whatever their own TMPDIR says.</summary>
    public static string Folder { get; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "EtcdMaint")
        : "/tmp";

    /// <summary>Null where this machine has no place for such a lock; taken, and what cannot be opened, is thrown.</summary>
    public static MachineLock? Take(string clusterId, string clusterName, LockHolder me, string? folder = null)
    {
        folder ??= Folder;
        string path = Path.Combine(folder, $"etcdmaint-{clusterId}.lock");
        string holderPath = Path.ChangeExtension(path, ".json");
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            if (!Directory.Exists(folder))
                return null;
            FileStream file = Open(path, FileShare.None);
            WriteHolder(holderPath, me);
            return new MachineLock(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            if (!Path.Exists(path) && !IsLink(path))
                return null;
            throw LockErrors.Taken(clusterName, path, ReadHolder(holderPath));
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Opens before it creates: the kernel (fs.protected_regular) does not let a user open another's file in a shared
    /// folder with the flag that would create it.
    /// </summary>
    private static FileStream Open(string path, FileShare share)
    {
        if (IsLink(path))
            throw new IOException("The lock file is a link.");
        if (File.Exists(path))
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, share);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file.SafeFileHandle, Everybody);
        return file;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void WriteHolder(string path, LockHolder me)
    {
        try
        {
            using FileStream file = Open(path, FileShare.Read);
            file.SetLength(0);
            file.Write(me.ToJson());
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Who holds it is a courtesy; that it is held is what counts.
        }
    }

    private static LockHolder? ReadHolder(string path)
    {
        try
        {
            return LockHolder.Read(File.ReadAllBytes(path));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

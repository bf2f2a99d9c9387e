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

    /// <summary>On Windows others may only read a file in a shared folder; to open it without sharing is enough.</summary>
    private static readonly FileAccess Access = OperatingSystem.IsWindows() ? FileAccess.Read : FileAccess.ReadWrite;

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
            FileStream file = Open(path, Access, FileShare.None);
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
    /// folder with the flag that would create it. What is created is new, so no link is followed to it.
    /// </summary>
    private static FileStream Open(string path, FileAccess access, FileShare share)
    {
        if (IsLink(path))
            throw new IOException("The lock file is a link.");
        if (File.Exists(path))
            return new FileStream(path, FileMode.Open, access, share);
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, share);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file.SafeFileHandle, Everybody);
            return file;
        }
        catch (IOException) when (File.Exists(path) && !IsLink(path))
        {
            // Another run was quicker, and may have ended already.
            return new FileStream(path, FileMode.Open, access, share);
        }
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void WriteHolder(string path, LockHolder me)
    {
        try
        {
            using FileStream file = Open(path, FileAccess.ReadWrite, FileShare.Read);
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

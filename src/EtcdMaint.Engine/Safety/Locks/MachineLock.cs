using System.Globalization;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// A lock file for one cluster, shared by all users, processes and runspaces of this machine, because a run of another
/// user must block this one as well. The file also contains the holder.
/// </summary>
internal sealed class MachineLock : IDisposable
{
    private readonly LockFile _file;

    private MachineLock(LockFile file) => _file = file;

    /// <summary>The folder that all users share, independent of their TMPDIR.</summary>
    public static string Folder { get; } =
        OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "EtcdMaint")
            : "/tmp";

    /// <summary>Returns null if this machine has no folder for such a lock.</summary>
    /// <exception cref="EtcdException">Another run holds it, or the file cannot be trusted or opened.</exception>
    public static MachineLock? Take(string clusterId, string clusterName, LockHolder me, string? folder = null)
    {
        folder ??= Folder;
        string path = Path.Combine(folder, $"etcdmaint-{clusterId}.lock");
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            return Directory.Exists(folder) ? Take(path, clusterName, me) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            FileFacts? facts = OperatingSystem.IsWindows() ? null : UnixFile.Find(path);
            return facts is not null || Path.Exists(path)
                ? throw LockErrors.Unusable(clusterName, path, Owner(facts), cause)
                : null;
        }
    }

    public void Dispose()
    {
        WriteHolder(_file, []);
        _file.Dispose();
    }

    private static MachineLock Take(string path, string clusterName, LockHolder me)
    {
        LockFile file = LockFile.Open(path);
        if (file.IsLocked)
        {
            WriteHolder(file, me.ToJson());
            return new MachineLock(file);
        }
        using (file)
        {
            LockHolder? named = ReadHolder(file);
            throw LockErrors.TakenHere(
                clusterName,
                path,
                Process(file.Facts) ?? Owner(file.Facts),
                named,
                named is not null && HolderProcess.HasEnded(named)
            );
        }
    }

    private static void WriteHolder(LockFile file, byte[] holder)
    {
        try
        {
            file.Write(holder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The holder in the file is only informative. The lock itself is held.
        }
    }

    private static LockHolder? ReadHolder(LockFile file)
    {
        try
        {
            return LockHolder.Read(file.Read(Limits.Locks.HolderBytes));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Process(FileFacts? file) =>
        file is not null && LockingProcess.Find(file) is { } found ? $", held by {found}" : null;

    private static string? Owner(FileFacts? file) =>
        file is null ? null : string.Create(CultureInfo.InvariantCulture, $", owned by the user with ID {file.Owner}");
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint;

/// <summary>
/// A file that one process at a time can lock. The operating system unlocks it when the process ends for any reason.
/// Every user may lock it, so the file is not trusted: only a regular file with one name is opened, and opening it
/// never waits and never follows a link.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private const UnixFileMode Everyone =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>
    /// The number of attempts to open a file that another process replaces at the same moment. More replacements than
    /// this are not accidental.
    /// </summary>
    private const int Attempts = 10;

    /// <summary>
    /// A position far beyond the content, because Windows does not let other processes read locked bytes.
    /// </summary>
    private const long LockedByte = 1L << 40;

    private readonly SafeFileHandle _handle;
    private readonly FileStream? _windowsLock;

    private LockFile(SafeFileHandle handle, FileFacts? facts, bool isLocked, FileStream? windowsLock = null) =>
        (_handle, Facts, IsLocked, _windowsLock) = (handle, facts, isLocked, windowsLock);

    /// <summary>Whether this object holds the lock. If not, another object or process holds it.</summary>
    public bool IsLocked { get; }

    /// <summary>Null on Windows.</summary>
    public FileFacts? Facts { get; }

    /// <summary>Opens the file, creates it if it does not exist, and tries to lock it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="isForEveryone">Whether every user may lock a file that this call creates.</param>
    /// <exception cref="UnfitFileException">The file is not a regular file with one name.</exception>
    public static LockFile Open(string path, bool isForEveryone = true) =>
        OperatingSystem.IsWindows() ? OpenOnWindows(path) : OpenOnUnix(path, isForEveryone);

    /// <summary>Reads the first bytes of the content.</summary>
    public byte[] Read(int length)
    {
        byte[] content = new byte[length];
        return content[..RandomAccess.Read(_handle, content, 0)];
    }

    public void Write(byte[] content)
    {
        RandomAccess.SetLength(_handle, 0);
        RandomAccess.Write(_handle, content, 0);
    }

    public void Dispose()
    {
        if (IsLocked && OperatingSystem.IsWindows())
            _windowsLock!.Unlock(LockedByte, 1);
        else if (IsLocked)
            UnixLock.Release(_handle);
        _windowsLock?.Dispose();
        _handle.Dispose();
    }

    [SupportedOSPlatform("windows")]
    private static LockFile OpenOnWindows(string path)
    {
        FileStream file = OpenShared(path);
        try
        {
            file.Lock(LockedByte, 1);
            return new LockFile(file.SafeFileHandle, null, isLocked: true, file);
        }
        catch (IOException)
        {
            return new LockFile(file.SafeFileHandle, null, isLocked: false, file);
        }
    }

    /// <summary>
    /// In a shared folder, Windows lets other users read a file but not write it. Read access is sufficient to lock it.
    /// </summary>
    private static FileStream OpenShared(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.ReadWrite,
                bufferSize: 0
            );
        }
        catch (UnauthorizedAccessException)
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static LockFile OpenOnUnix(string path, bool isForEveryone)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (UnixFile.Find(path) is { } found)
            {
                RequireFit(found);
                SafeFileHandle handle = UnixLock.Open(path);
                FileFacts opened = UnixFile.Read(handle);
                RequireFit(opened);
                bool isLocked = UnixLock.TryTake(handle);
                if (opened.IsSameFile(found) && opened.IsSameFile(UnixFile.Find(path)))
                    return new LockFile(handle, opened, isLocked);
                handle.Dispose();
            }
            else
            {
                Create(path, isForEveryone);
            }
            if (attempt == Attempts)
                throw new UnfitFileException("it is replaced repeatedly");
        }
    }

    private static void RequireFit(FileFacts facts)
    {
        if (facts.Kind is not FileKind.Regular)
            throw UnfitFileException.Create(facts.Kind);
        if (facts.Links != 1)
            throw new UnfitFileException($"it has {facts.Links} hard links");
    }

    /// <summary>
    /// Creates the file separately from opening it: the kernel (fs.protected_regular) does not let a user open a file
    /// of another user in a shared folder with the flag that creates a file. The file is new, so no link is followed.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void Create(string path, bool isForEveryone)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (isForEveryone)
                File.SetUnixFileMode(file.SafeFileHandle, Everyone);
        }
        catch (IOException) when (UnixFile.Find(path) is not null)
        {
            // Another run created it first.
        }
    }
}

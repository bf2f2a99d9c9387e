using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using EtcdMaint.Engine.Transport.Files;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// A private folder for ssh's control sockets. Its path is short: a socket's may have some hundred characters. A lock
/// file in it shows other processes that it is in use, for as long as this process lives.
/// </summary>
internal sealed class ControlSockets : IDisposable
{
    /// <summary>The names of all such folders begin with this.</summary>
    public const string Prefix = "em-";

    /// <summary>The lock file's name.</summary>
    public const string InUse = "etcdmaint-in-use";

    /// <summary>macOS takes 103 characters; ssh itself adds 17 while it makes the socket.</summary>
    private const int LongestTemporaryPath = 70;

    private const string ShortPlace = "/tmp";

    private readonly DirectoryInfo _folder;
    private readonly LockFile _lock;
    private int _count;

    private ControlSockets(DirectoryInfo folder, LockFile inUse) => (_folder, _lock) = (folder, inUse);

    private static bool IsTooDeep => Path.GetTempPath().Length > LongestTemporaryPath;

    /// <summary>Null where ssh has none: on Windows.</summary>
    public static ControlSockets? Create()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return null;
        StaleControlSockets.Remove(IsTooDeep ? ShortPlace : Path.GetTempPath());
        DirectoryInfo folder = Make();

        // The lock file gets its name when it is locked: one of that name without a lock shows that its process is
        // gone.
        string unnamed = Path.Combine(folder.FullName, "new");
        LockFile inUse = LockFile.Open(unnamed);
        File.Move(unnamed, Path.Combine(folder.FullName, InUse));
        return new ControlSockets(folder, inUse);
    }

    public string Next() =>
        Path.Combine(_folder.FullName, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next process that uses ssh removes it.
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>
    /// Where the folder for temporary files is too deep, it is /tmp; only this user may enter the new folder, there as
    /// well.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static DirectoryInfo Make() =>
        IsTooDeep
            ? Directory.CreateDirectory(
                Path.Combine(ShortPlace, $"{Prefix}{Guid.NewGuid().ToString("N")[..12]}"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            )
            : Directory.CreateTempSubdirectory(Prefix);
}

using System.Globalization;
using System.Runtime.Versioning;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// A private folder for the control sockets of ssh. Its path is short, because the path of a socket is limited to about
/// 100 characters. A lock file in the folder shows other processes that it is in use while this process runs.
/// </summary>
internal sealed class ControlSockets : IDisposable
{
    /// <summary>The prefix of the names of all such folders.</summary>
    public const string Prefix = "em-";

    /// <summary>The name of the lock file.</summary>
    public const string InUse = "etcdmaint-in-use";

    /// <summary>macOS allows 103 characters, and ssh adds 17 while it creates the socket.</summary>
    private const int LongestTemporaryPath = 70;

    private const string ShortPlace = "/tmp";

    private readonly DirectoryInfo _folder;
    private readonly LockFile _lock;
    private int _count;

    private ControlSockets(DirectoryInfo folder, LockFile inUse) => (_folder, _lock) = (folder, inUse);

    private static bool IsTooDeep => Path.GetTempPath().Length > LongestTemporaryPath;

    /// <summary>Creates the folder. Returns null where ssh has no control sockets, as on Windows.</summary>
    public static ControlSockets? Create()
    {
        if (OperatingSystem.IsWindows() || !PlatformFeatures.Current.HasControlSockets)
            return null;
        StaleControlSockets.Remove(IsTooDeep ? ShortPlace : Path.GetTempPath());
        DirectoryInfo folder = Make();

        // The lock file gets its final name after it was locked. If a file with this name is not locked, its process
        // has ended.
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
    /// Creates the folder, in /tmp if the path of the folder for temporary files is too long. In both cases, only this
    /// user can enter it.
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

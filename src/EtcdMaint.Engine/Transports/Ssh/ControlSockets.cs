using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EtcdMaint.Engine.Transports.Ssh;

/// <summary>A private folder for ssh's control sockets. Its path is short: a socket's may have some hundred characters.</summary>
internal sealed class ControlSockets(DirectoryInfo folder) : IDisposable
{
    /// <summary>macOS takes 103 characters; ssh itself adds 17 while it makes the socket.</summary>
    private const int LongestTemporaryPath = 70;

    private int _count;

    /// <summary>Null where ssh has none: on Windows.</summary>
    public static ControlSockets? Create() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? null : new ControlSockets(Make());

    public string Next() => Path.Combine(folder.FullName, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An empty folder for temporary files is left to the system.
        }
    }

    /// <summary>Where the folder for temporary files is too deep, it is /tmp; only this user may enter the new folder, there as well.</summary>
    [UnsupportedOSPlatform("windows")]
    private static DirectoryInfo Make()
    {
        if (Path.GetTempPath().Length <= LongestTemporaryPath)
            return Directory.CreateTempSubdirectory("em-");
        string path = $"/tmp/em-{Guid.NewGuid().ToString("N")[..12]}";
        return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

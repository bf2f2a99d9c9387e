using System.Globalization;
using System.Runtime.InteropServices;

namespace EtcdMaint.Engine.Transports.Ssh;

/// <summary>A private folder for ssh's control sockets. Its path is short: a socket's may have some hundred characters.</summary>
internal sealed class ControlSockets : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("em-");
    private int _count;

    /// <summary>Null where ssh has none: on Windows.</summary>
    public static ControlSockets? Create() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? null : new ControlSockets();

    public string Next() => Path.Combine(_folder.FullName, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An empty folder for temporary files is left to the system.
        }
    }
}

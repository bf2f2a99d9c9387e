using System.Globalization;
using System.Text;

namespace EtcdMaint.Journal;

/// <summary>
/// Lets only one run use a journal. The lock is a file of its own beside the journal, so that every program can still
/// read the journal. The system releases it when the process ends for any reason.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private const int HolderBytes = 400;

    private readonly string _path;

    private readonly LockFile _file;

    private JournalLock(string path, LockFile file) => (_path, _file) = (path, file);

    /// <exception cref="EtcdException">Another run holds the lock (<c>JournalInUse</c>).</exception>
    public static JournalLock Take(string journal)
    {
        string path = $"{journal}.lock";
        LockFile file = LockFile.Open(path, isForEveryone: false);
        if (!file.IsLocked)
        {
            using (file)
                throw JournalErrors.InUse(journal, ReadHolder(file));
        }
        file.Write(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.UtcNow:u}"
                )
            )
        );
        return new JournalLock(path, file);
    }

    /// <summary>
    /// Removes the file while it is locked. A process that opens it at the same moment notices that the file has no
    /// name any more, and creates another one. Windows does not remove an open file.
    /// </summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            Remove();
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            Remove();
    }

    private void Remove()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // An unlocked file does not prevent another run.
        }
    }

    private static string? ReadHolder(LockFile file)
    {
        try
        {
            string holder = PlainText.Of(Encoding.UTF8.GetString(file.Read(HolderBytes)).Trim());
            return holder.Length > 0 ? holder : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

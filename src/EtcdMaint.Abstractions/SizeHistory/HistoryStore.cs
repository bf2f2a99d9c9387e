using System.Text;

namespace EtcdMaint.SizeHistory;

/// <summary>
/// The file to which lines are appended, or the folder with a file for each cluster. In a folder, two processes that
/// work on different clusters never write the same file, so it needs no locks, which many network shares lack.
/// </summary>
internal sealed class HistoryStore
{
    /// <summary>The extension of the files in a folder.</summary>
    public const string Extension = ".jsonl";

    /// <summary>Longest wait for another process, which appends a line in some milliseconds.</summary>
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The threads of a process take turns here, and do not poll for the lock of the file.</summary>
    private readonly object _turn = new();

    private readonly bool _isFolder;

    private HistoryStore(string path, bool isFolder) => (Path, _isFolder) = (path, isFolder);

    public string Path { get; }

    /// <summary>Checks that the history can be written. With <paramref name="isPlan"/>, nothing is written.</summary>
    /// <param name="path">The full path of a file, which need not exist, or of a folder, which must exist.</param>
    /// <param name="isPlan">Whether nothing will be appended.</param>
    /// <exception cref="EtcdException">The history cannot be written.</exception>
    public static HistoryStore At(string path, bool isPlan)
    {
        bool isFolder = Directory.Exists(path);
        if (!isFolder && (!System.IO.Path.HasExtension(path) || System.IO.Path.EndsInDirectorySeparator(path)))
            throw HistoryErrors.FolderNotFound(path);
        if (!isFolder && !Directory.Exists(System.IO.Path.GetDirectoryName(path)))
            throw HistoryErrors.FolderNotFound(System.IO.Path.GetDirectoryName(path) ?? path);
        var store = new HistoryStore(path, isFolder);
        if (!isPlan)
            store.RequireWritable();
        return store;
    }

    /// <summary>Returns the files of a history in order of their names.</summary>
    /// <exception cref="EtcdException">The history does not exist or cannot be read.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw HistoryErrors.NotFound(path);
        try
        {
            return [.. Directory.EnumerateFiles(path, "*" + Extension).Order(StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw HistoryErrors.Unreadable(path, cause);
        }
    }

    /// <summary>Appends a line. It is on the disk when the method returns.</summary>
    /// <exception cref="EtcdException">The line was not written.</exception>
    public void Append(HistoryRecord record)
    {
        string path = _isFolder ? System.IO.Path.Combine(Path, FileName(record)) : Path;
        byte[] line = HistoryJson.Write(record);
        try
        {
            lock (_turn)
            {
                using JsonLineFile file = Open(path);
                file.Append(line);
                HistoryRetention.Apply(file, line.Length + 1, record.EndedAt ?? record.StartedAt);
            }
        }
        catch (UnfitFileException cause)
        {
            throw HistoryErrors.NotRegular(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw HistoryErrors.Unwritable(path, cause);
        }
    }

    /// <summary>
    /// Returns a name that every file system accepts. The ID tells clusters apart whose names differ only in others.
    /// </summary>
    private static string FileName(HistoryRecord record)
    {
        var name = new StringBuilder();
        foreach (char c in record.ClusterName.Take(100))
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_');
        return $"{name}-{record.ClusterId}{Extension}";
    }

    private static JsonLineFile Open(string path)
    {
        for (long started = Environment.TickCount64; ; Thread.Sleep(PollInterval))
        {
            if (JsonLineFile.TryOpen(path, HistoryJson.Begin) is { } file)
                return file;
            if (Environment.TickCount64 - started > LockWait.TotalMilliseconds)
                throw new IOException($"another process has held it for {LockWait.TotalSeconds:0} s");
        }
    }

    private void RequireWritable()
    {
        try
        {
            if (_isFolder)
                using (
                    File.Create(System.IO.Path.Combine(Path, $".{Guid.NewGuid():N}.part"), 1, FileOptions.DeleteOnClose)
                ) { }
            else
                JsonLineFile.TryOpen(Path, HistoryJson.Begin)?.Dispose();
        }
        catch (UnfitFileException cause)
        {
            throw HistoryErrors.NotRegular(Path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw HistoryErrors.Unwritable(Path, cause);
        }
    }
}

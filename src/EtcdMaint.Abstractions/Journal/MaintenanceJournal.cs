using System.Text.Json;
using EtcdMaint.Reports;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Journal;

/// <summary>
/// The results of the clusters that have ended, one line for each, so that another run with the same journal maintains
/// only the others. A line is on the disk before its report is emitted. A process that is killed at any moment leaves
/// at most its last line incomplete; the next run removes that line. Calls are thread-safe.
/// </summary>
internal sealed class MaintenanceJournal : IDisposable
{
    private readonly object _gate = new();

    private readonly string _path;

    private readonly SafeFileHandle _file;

    private readonly JournalIndex _index;

    /// <summary>Null for a journal that is only read.</summary>
    private readonly JournalLock? _lock;

    private readonly LineAppender _lines;

    private MaintenanceJournal(string path, SafeFileHandle file, JournalIndex index, JournalLock? taken)
    {
        (_path, _file, _index, _lock) = (path, file, index, taken);
        _lines = new LineAppender(file, index.Length);
    }

    /// <summary>The first error while a result was recorded; null if there was none.</summary>
    public EtcdException? Failure { get; private set; }

    /// <summary>Opens a journal, or creates it, and reserves it for this run.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="policy">Decides which clusters are done.</param>
    /// <exception cref="EtcdException">The file cannot be used. It is unchanged.</exception>
    public static MaintenanceJournal Open(string path, ResumePolicy policy)
    {
        string target = Resolve(path);
        JournalLock? taken = null;
        SafeFileHandle? file = null;
        try
        {
            taken = JournalLock.Take(target);
            file = File.OpenHandle(target, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var journal = new MaintenanceJournal(path, file, JournalIndex.Read(file, path, policy), taken);
            journal.Repair();
            return journal;
        }
        catch (Exception cause)
        {
            file?.Dispose();
            taken?.Dispose();
            if (Explain(path, cause) is { } error)
                throw error;
            throw;
        }
    }

    /// <summary>Opens a journal for a plan, which records nothing. Returns null if there is none.</summary>
    /// <inheritdoc cref="Open"/>
    public static MaintenanceJournal? OpenToRead(string path, ResumePolicy policy)
    {
        string target = Resolve(path);
        SafeFileHandle? file = null;
        try
        {
            if (!File.Exists(target))
                return null;
            file = File.OpenHandle(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new MaintenanceJournal(path, file, JournalIndex.Read(file, path, policy), null);
        }
        catch (Exception cause)
        {
            file?.Dispose();
            if (Explain(path, cause) is { } error)
                throw error;
            throw;
        }
    }

    /// <summary>Returns the report of the earlier run if the cluster is done, marked as such; null otherwise.</summary>
    /// <param name="clusterName">The name of the cluster.</param>
    /// <param name="clusterId">The ID of the cluster; null if it is unknown.</param>
    /// <param name="ring">The ring of the cluster in this run.</param>
    /// <exception cref="EtcdException">The journal cannot be read.</exception>
    public EtcdMaintenanceReport? FindDone(string clusterName, string? clusterId, int? ring)
    {
        if (_index.FindDone(clusterName, clusterId) is not var (offset, length))
            return null;
        try
        {
            byte[] line = new byte[length];
            for (int read = 0; read < length; )
            {
                int more = RandomAccess.Read(_file, line.AsSpan(read), offset + read);
                read += more > 0 ? more : throw new EndOfStreamException("The file was truncated.");
            }
            using var document = JsonDocument.Parse(line);
            return JsonReport.Read(document.RootElement).AsResumed(ring);
        }
        catch (Exception cause) when (cause is IOException or JsonException or FormatException)
        {
            throw JournalErrors.Unwritable(_path, cause);
        }
    }

    /// <summary>Records a result. When the method returns, the result is on the disk.</summary>
    /// <exception cref="EtcdException">The result could not be written (<c>JournalUnwritable</c>).</exception>
    public void Append(EtcdMaintenanceReport report)
    {
        if (_lock is null || !ResumePolicy.IsRecorded(report))
            return;
        byte[] line = JsonLine.Render(report);
        lock (_gate)
        {
            try
            {
                _lines.Append(line);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                Failure ??= JournalErrors.Unwritable(_path, cause);
                throw Failure;
            }
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }

    private static string Resolve(string path)
    {
        if (Directory.Exists(path) || Path.GetFileName(path).Length == 0)
            throw JournalErrors.NotAFile(path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw JournalErrors.FolderNotFound(folder);
        try
        {
            string target = OutputFile.Resolve(path);
            if (!OperatingSystem.IsWindows() && UnixFile.Find(target) is { Links: > 1 } facts)
                throw new UnfitFileException($"it has {facts.Links} hard links");
            return target;
        }
        catch (Exception cause) when (Explain(path, cause) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Returns the error for an exception of the file; null for any other exception.</summary>
    private static EtcdException? Explain(string path, Exception cause) =>
        cause switch
        {
            UnfitFileException => JournalErrors.NotRegular(path, cause),
            InvalidDataException => JournalErrors.NotAJournal(path),
            IOException or UnauthorizedAccessException => JournalErrors.Unwritable(path, cause),
            _ => null,
        };

    /// <summary>Completes or removes the last line, and begins a new journal.</summary>
    private void Repair()
    {
        _lines.Repair(_index.LacksLineBreak);
        if (_lines.Length == 0)
            _lines.Append(JournalHeader.Render(DateTimeOffset.UtcNow));
    }
}

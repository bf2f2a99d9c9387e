namespace EtcdMaint.Cmdlets;

/// <summary>
/// The file that a report goes to. It gets its name only when it is complete, so that whoever watches the folder never
/// reads half a report, and a failure leaves what was there before.
/// </summary>
internal sealed class ReportFile
{
    private readonly string _path;

    private readonly bool _mayOverwrite;

    private ReportFile(string path, EtcdReportFormat format, bool mayOverwrite)
    {
        _path = path;
        Format = format;
        _mayOverwrite = mayOverwrite;
    }

    public EtcdReportFormat Format { get; }

    /// <exception cref="EtcdException">Nothing can be written there.</exception>
    public static ReportFile At(string path, EtcdReportFormat? format, bool mayOverwrite)
    {
        if (Directory.Exists(path) || Path.GetFileName(path).Length == 0)
            throw ReportErrors.NotAFile(path);
        EtcdReportFormat known = format ?? FromName(path) ?? throw ReportErrors.FormatUnknown(path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw ReportErrors.FolderNotFound(folder);
        return mayOverwrite || !File.Exists(path) ? new ReportFile(path, known, mayOverwrite) : throw ReportErrors.Exists(path);
    }

    public FileInfo Write(byte[] content)
    {
        string part = $"{_path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, _path, _mayOverwrite);
            return new FileInfo(_path);
        }
        catch (IOException) when (!_mayOverwrite && File.Exists(_path))
        {
            throw ReportErrors.Exists(_path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.Unwritable(_path, cause);
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }
    }

    private static EtcdReportFormat? FromName(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => EtcdReportFormat.Json,
        ".html" or ".htm" => EtcdReportFormat.Html,
        _ => null,
    };
}

namespace EtcdMaint.Reports;

/// <summary>
/// The file to which a report is written. The file gets its name only when it is complete, so that a program that
/// watches the folder never reads a partial report. After a failure, the previous file remains.
/// </summary>
internal sealed class ReportFile
{
    private readonly string _path;

    /// <summary>The target if the path is a link. The target is replaced, and the link remains.</summary>
    private readonly string _target;

    private readonly bool _mayOverwrite;

    private ReportFile(string path, string target, EtcdReportFormat format, bool mayOverwrite)
    {
        (_path, _target) = (path, target);
        Format = format;
        _mayOverwrite = mayOverwrite;
    }

    public EtcdReportFormat Format { get; }

    /// <exception cref="EtcdException">The file cannot be written.</exception>
    public static ReportFile At(string path, EtcdReportFormat? format, bool mayOverwrite)
    {
        if (Directory.Exists(path) || Path.GetFileName(path).Length == 0)
            throw ReportErrors.NotAFile(path);
        EtcdReportFormat known = format ?? FromName(path) ?? throw ReportErrors.FormatUnknown(path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw ReportErrors.FolderNotFound(folder);
        string target = Resolve(path);
        return mayOverwrite || !File.Exists(target)
            ? new ReportFile(path, target, known, mayOverwrite)
            : throw ReportErrors.Exists(path);
    }

    public FileInfo Write(byte[] content)
    {
        try
        {
            OutputFile.Write(_target, content, _mayOverwrite);
            return new FileInfo(_path);
        }
        catch (UnfitFileException cause)
        {
            throw ReportErrors.NotRegular(_path, cause);
        }
        catch (IOException) when (!_mayOverwrite && File.Exists(_target))
        {
            throw ReportErrors.Exists(_path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.Unwritable(_path, cause);
        }
    }

    private static string Resolve(string path)
    {
        try
        {
            return OutputFile.Resolve(path);
        }
        catch (UnfitFileException cause)
        {
            throw ReportErrors.NotRegular(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.Unwritable(path, cause);
        }
    }

    private static EtcdReportFormat? FromName(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => EtcdReportFormat.Json,
            ".jsonl" or ".ndjson" => EtcdReportFormat.JsonLines,
            ".html" or ".htm" => EtcdReportFormat.Html,
            _ => null,
        };
}

namespace EtcdMaint.Metrics;

/// <summary>
/// The file that the textfile collector of the node exporter reads. It is replaced as a whole. The collector often runs
/// as another user, so every user may read a new file. An existing file keeps its mode.
/// </summary>
internal sealed class MetricFile
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _path;

    private readonly string _target;

    private MetricFile(string path, string target) => (_path, _target) = (path, target);

    /// <exception cref="EtcdException">The file cannot be written.</exception>
    public static MetricFile At(string path)
    {
        if (Directory.Exists(path) || Path.GetFileName(path).Length == 0)
            throw MetricErrors.NotAFile(path);
        if (!path.EndsWith(".prom", StringComparison.Ordinal))
            throw MetricErrors.NotAPromFile(path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw MetricErrors.FolderNotFound(folder);
        return Guard(path, () => new MetricFile(path, OutputFile.Resolve(path)));
    }

    /// <exception cref="EtcdException">The file cannot be written. The previous file remains.</exception>
    public FileInfo Write(byte[] content) =>
        Guard(
            _path,
            () =>
            {
                UnixFileMode? mode =
                    OperatingSystem.IsWindows() ? null
                    : File.Exists(_target) ? File.GetUnixFileMode(_target)
                    : ReadableByAll;
                OutputFile.Write(_target, content, mayOverwrite: true, mode);
                return new FileInfo(_path);
            }
        );

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnfitFileException cause)
        {
            throw MetricErrors.NotRegular(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw MetricErrors.Unwritable(path, cause);
        }
    }
}

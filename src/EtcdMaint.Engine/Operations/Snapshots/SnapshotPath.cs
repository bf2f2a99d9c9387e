using System.Globalization;

namespace EtcdMaint.Engine.Operations.Snapshots;

internal static class SnapshotPath
{
    /// <summary>Returns the file to write: the path itself, or, in a folder, a name that sorts by time.</summary>
    public static string Resolve(
        string path,
        string clusterName,
        DateTimeOffset takenAt,
        long revision,
        bool mayOverwrite
    )
    {
        string file = Directory.Exists(path)
            ? Path.Combine(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Safe(clusterName)}-{takenAt.UtcDateTime:yyyyMMddTHHmmss}Z-{revision}.db"
                )
            )
            : path;
        file = Path.GetFullPath(file);
        if (Path.GetDirectoryName(file) is { } folder && !Directory.Exists(folder))
            throw new EtcdException(
                ErrorIds.SnapshotFolderNotFound,
                EtcdErrorCategory.ObjectNotFound,
                $"The folder {folder} does not exist.",
                "Create the folder first.",
                folder
            );
        if (File.Exists(FollowLinks(file)) && !mayOverwrite)
            throw new EtcdException(
                ErrorIds.SnapshotExists,
                EtcdErrorCategory.ResourceExists,
                $"The file {file} already exists.",
                "Specify another name or a folder. Save-EtcdSnapshot can overwrite the file with -Force.",
                file
            );
        return file;
    }

    /// <summary>Returns the regular file to which the path leads, or the file that it would create.</summary>
    public static string FollowLinks(string file)
    {
        try
        {
            return OutputFile.Resolve(file);
        }
        catch (UnfitFileException cause)
        {
            throw new EtcdException(
                ErrorIds.SnapshotNotRegularFile,
                EtcdErrorCategory.InvalidArgument,
                $"{file} is not written, because {cause.Message}.",
                "Specify the name of a regular file, of a file that does not exist, or of a folder.",
                file,
                cause
            );
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw SnapshotWriter.Unwritable(file, cause);
        }
    }

    private static string Safe(string name) => string.Join("_", name.Split(Path.GetInvalidFileNameChars()));
}

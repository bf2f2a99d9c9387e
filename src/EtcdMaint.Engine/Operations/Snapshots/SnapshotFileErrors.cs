using System.Globalization;
using EtcdMaint.Snapshot;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>The errors of snapshot files that are read.</summary>
internal static class SnapshotFileErrors
{
    /// <summary>Opens a file to read it.</summary>
    public static Snapshot.SnapshotFile Open(string path)
    {
        try
        {
            return Snapshot.SnapshotFile.Open(path);
        }
        catch (SnapshotFileException error)
        {
            throw Of(path, error);
        }
    }

    /// <summary>The error about a file whose content is damaged.</summary>
    public static EtcdException Damaged(string path, SnapshotScan scan, bool hasRows)
    {
        string more =
            scan.FindingCount > 1
                ? string.Create(CultureInfo.InvariantCulture, $" There are {scan.FindingCount - 1} more findings.")
                : "";
        string what = hasRows ? "is damaged, so the rows can be incomplete" : "contains no keys that could be read";
        return new EtcdException(
            ErrorIds.SnapshotFileDamaged,
            EtcdErrorCategory.InvalidData,
            $"{path} {what}: {scan.Findings[0].Message}{more}",
            "Use another snapshot. Save-EtcdSnapshot saves one.",
            path
        );
    }

    private static EtcdException Of(string path, SnapshotFileException error) =>
        error.Error switch
        {
            SnapshotFileError.NotFound => new EtcdException(
                ErrorIds.SnapshotNotFound,
                EtcdErrorCategory.ObjectNotFound,
                $"The file {path} does not exist.",
                "Specify the path of a snapshot or of a copy of a database file.",
                path,
                error
            ),
            SnapshotFileError.IsFolder => new EtcdException(
                ErrorIds.SnapshotNotRegularFile,
                EtcdErrorCategory.InvalidArgument,
                $"{path} is not read, because it is a folder.",
                "Specify a file in it.",
                path,
                error
            ),
            SnapshotFileError.AccessDenied => new EtcdException(
                ErrorIds.SnapshotUnreadable,
                EtcdErrorCategory.PermissionDenied,
                $"You do not have permission to read the file {path}.",
                "Read it as its owner. A snapshot contains all Secrets of its cluster.",
                path,
                error
            ),
            _ => new EtcdException(
                ErrorIds.SnapshotUnreadable,
                EtcdErrorCategory.ReadError,
                error.Message,
                "If etcd is running with this file, save a snapshot with Save-EtcdSnapshot instead.",
                path,
                error
            ),
        };
}

using System.Globalization;

namespace EtcdMaint.Engine.Maintenance.Snapshots;

internal static class SnapshotPath
{
    /// <summary>The file to write: the path itself, or in a folder a name that sorts by time.</summary>
    public static string Resolve(string path, string clusterName, DateTimeOffset takenAt, long revision, bool mayOverwrite)
    {
        string file = Directory.Exists(path)
            ? Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{Safe(clusterName)}-{takenAt.UtcDateTime:yyyyMMddTHHmmss}Z-{revision}.db"))
            : path;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new EtcdException(
                "SnapshotFolderNotFound", EtcdErrorCategory.ObjectNotFound, $"There is no folder {folder}.", "Create it first.", folder);
        if (!mayOverwrite && File.Exists(file))
            throw new EtcdException(
                "SnapshotExists", EtcdErrorCategory.ResourceExists, $"The file {file} exists.", "Choose another name, or give a folder; Save-EtcdSnapshot can overwrite with -Force.", file);
        return Path.GetFullPath(file);
    }

    private static string Safe(string name) => string.Join("_", name.Split(Path.GetInvalidFileNameChars()));
}

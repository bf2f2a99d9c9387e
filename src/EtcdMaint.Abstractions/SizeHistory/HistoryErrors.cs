namespace EtcdMaint.SizeHistory;

/// <summary>The errors of the file or folder of a history. The IDs never change.</summary>
internal static class HistoryErrors
{
    public static EtcdException NotAFile(string path) =>
        new(
            ErrorIds.HistoryPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not a path of a file or folder.",
            "Specify the name of a file, or an existing folder.",
            path
        );

    public static EtcdException FolderNotFound(string folder) =>
        new(
            ErrorIds.HistoryFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The folder {folder} does not exist.",
            "Create the folder, or specify the name of a file with an extension, for example "
                + $"{folder.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)}.jsonl.",
            folder
        );

    public static EtcdException NotRegular(string path, Exception cause) =>
        new(
            ErrorIds.HistoryNotRegularFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} cannot be used as a history, because {cause.Message}.",
            "Specify the name of a history, of a file that does not exist, or of a folder.",
            path,
            cause
        );

    public static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.HistoryUnwritable,
            EtcdErrorCategory.WriteError,
            $"The history {path} cannot be written: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the file and its folder, and the free space of the disk.",
            path,
            cause
        );

    public static EtcdException NotFound(string path) =>
        new(
            ErrorIds.HistoryNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The history {path} does not exist.",
            "Specify the path that Invoke-EtcdMaintenance or Get-EtcdMemberStatus writes with -HistoryPath.",
            path
        );

    public static EtcdException Unreadable(string path, Exception cause) =>
        new(
            ErrorIds.HistoryUnreadable,
            EtcdErrorCategory.ReadError,
            $"The history {path} cannot be read: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the file.",
            path,
            cause
        );

    public static EtcdException ClusterNotFound(string name, string path) =>
        new(
            ErrorIds.ClusterNotInHistory,
            EtcdErrorCategory.ObjectNotFound,
            $"The history {path} has no cluster with the name '{name}'.",
            "Check the name. Get-EtcdForecast without -ClusterName lists all clusters of the history.",
            name
        );
}

namespace EtcdMaint.Reports;

/// <summary>What can be wrong with the file that a report is to go to. The IDs are kept for life.</summary>
internal static class ReportErrors
{
    public static EtcdException FormatUnknown(string path) =>
        new(
            ErrorIds.ReportFormatUnknown,
            EtcdErrorCategory.InvalidArgument,
            $"The file name does not specify the format: {path}",
            "Let it end in .json or .html, or give -Format.",
            path
        );

    public static EtcdException NotAFile(string path) =>
        new(
            ErrorIds.ReportPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not a file path.",
            "Give the name of a file in an existing folder.",
            path
        );

    public static EtcdException NotRegular(string path, Exception cause) =>
        new(
            ErrorIds.ReportNotRegularFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not written, because {cause.Message}.",
            "Give the name of a regular file, or of a file that does not exist.",
            path,
            cause
        );

    public static EtcdException FolderNotFound(string folder) =>
        new(
            ErrorIds.ReportFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"There is no folder {folder}.",
            "Create it first.",
            folder
        );

    public static EtcdException Exists(string path) =>
        new(
            ErrorIds.ReportExists,
            EtcdErrorCategory.ResourceExists,
            $"The file {path} exists.",
            "Choose another name, or overwrite it with -Force.",
            path
        );

    public static EtcdException Truncated(EtcdMaintenanceReport report) =>
        new(
            ErrorIds.ReportTruncated,
            EtcdErrorCategory.InvalidData,
            $"The report on cluster '{report.ClusterName}' lost its rows when it was serialized.",
            "Import EtcdMaint in the job or session that makes the report, and omit -Depth or specify 3 or "
                + "more. Or export the report in that session.",
            report.ClusterName
        );

    public static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.ReportUnwritable,
            EtcdErrorCategory.WriteError,
            $"The file {path} cannot be written: {cause.Message.TrimEnd('.')}.",
            "Check the rights on the folder and the room on the disk.",
            path,
            cause
        );
}

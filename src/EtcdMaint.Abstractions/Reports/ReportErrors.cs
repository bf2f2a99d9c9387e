namespace EtcdMaint.Reports;

/// <summary>The errors of the file to which a report is written. The IDs never change.</summary>
internal static class ReportErrors
{
    public static EtcdException FormatUnknown(string path) =>
        new(
            ErrorIds.ReportFormatUnknown,
            EtcdErrorCategory.InvalidArgument,
            $"The file name does not indicate the format: {path}",
            "Specify a file name that ends in .json, .jsonl or .html, or specify -Format if the cmdlet has it.",
            path
        );

    public static EtcdException NotAFile(string path) =>
        new(
            ErrorIds.ReportPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} is not a file path.",
            "Specify the name of a file in an existing folder.",
            path
        );

    public static EtcdException NotRegular(string path, Exception cause) =>
        new(
            ErrorIds.ReportNotRegularFile,
            EtcdErrorCategory.InvalidArgument,
            $"The file {path} cannot be written, because {cause.Message}.",
            "Specify the name of a regular file, or of a file that does not exist.",
            path,
            cause
        );

    public static EtcdException FolderNotFound(string folder) =>
        new(
            ErrorIds.ReportFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The folder {folder} does not exist.",
            "Create the folder first.",
            folder
        );

    public static EtcdException Exists(string path) =>
        new(
            ErrorIds.ReportExists,
            EtcdErrorCategory.ResourceExists,
            $"The file {path} already exists.",
            "Specify another name, or use -Force to overwrite the file.",
            path
        );

    public static EtcdException Truncated(string clusterName) =>
        new(
            ErrorIds.ReportTruncated,
            EtcdErrorCategory.InvalidData,
            $"The report on cluster '{clusterName}' lost its rows during serialization.",
            "Import EtcdMaint in the job or session that creates the report, and omit -Depth or specify 3 or "
                + "more. Alternatively, export the report in that session.",
            clusterName
        );

    public static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.ReportUnwritable,
            EtcdErrorCategory.WriteError,
            $"The file {path} cannot be written: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the folder and the free space of the disk.",
            path,
            cause
        );
}

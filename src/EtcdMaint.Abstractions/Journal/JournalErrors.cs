using System.Globalization;

namespace EtcdMaint.Journal;

/// <summary>The errors of the journal of a run. The IDs never change.</summary>
internal static class JournalErrors
{
    public static EtcdException NotAFile(string path) =>
        new(
            ErrorIds.JournalPathNotFile,
            EtcdErrorCategory.InvalidArgument,
            $"-ResumePath {path} is not a file path.",
            "Specify the name of a file in an existing folder.",
            path
        );

    public static EtcdException FolderNotFound(string folder) =>
        new(
            ErrorIds.JournalFolderNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The folder {folder} of -ResumePath does not exist.",
            "Create the folder first.",
            folder
        );

    public static EtcdException NotRegular(string path, Exception cause) =>
        new(
            ErrorIds.JournalNotRegularFile,
            EtcdErrorCategory.InvalidArgument,
            $"{path} cannot be a journal, because {cause.Message}.",
            "Specify the name of a regular file with one name, or of a file that does not exist.",
            path,
            cause
        );

    public static EtcdException Unwritable(string path, Exception cause) =>
        new(
            ErrorIds.JournalUnwritable,
            EtcdErrorCategory.WriteError,
            $"The journal {path} cannot be read and written: {cause.Message.TrimEnd('.')}.",
            "Check the permissions of the file and its folder, and the free space of the disk.",
            path,
            cause
        );

    /// <param name="path">The journal.</param>
    /// <param name="holder">The run that uses it; null if it is unknown.</param>
    public static EtcdException InUse(string path, string? holder) =>
        new(
            ErrorIds.JournalInUse,
            EtcdErrorCategory.ResourceBusy,
            $"Another run uses the journal {path}{(holder is null ? "" : $": {holder}")}.",
            "Wait until the other run has ended, or specify another file.",
            path
        );

    public static EtcdException NotAJournal(string path) =>
        new(
            ErrorIds.JournalDamaged,
            EtcdErrorCategory.InvalidData,
            $"The file {path} is not a journal. It was not changed.",
            "Specify a file that Invoke-EtcdMaintenance wrote, or a file that does not exist.",
            path
        );

    public static EtcdException Damaged(string path, long line, Exception cause) =>
        new(
            ErrorIds.JournalDamaged,
            EtcdErrorCategory.InvalidData,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Line {line} of the journal {path} is damaged. The journal was not changed."
            ),
            "Remove this line to maintain its cluster again, or specify a new file to maintain all clusters again.",
            path,
            cause
        );

    public static EtcdException VersionUnknown(string path, long version) =>
        new(
            ErrorIds.JournalVersionUnknown,
            EtcdErrorCategory.NotImplemented,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The journal {path} has the schema version {version}, which this version of the module does not know."
            ),
            "Update the module, or specify another file.",
            path
        );
}

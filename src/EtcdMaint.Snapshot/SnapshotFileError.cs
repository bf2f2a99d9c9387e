namespace EtcdMaint.Snapshot;

/// <summary>The reasons why a file cannot be opened.</summary>
public enum SnapshotFileError
{
    /// <summary>The file does not exist.</summary>
    NotFound,

    /// <summary>The path is that of a folder.</summary>
    IsFolder,

    /// <summary>The user may not read the file.</summary>
    AccessDenied,

    /// <summary>Another program, such as a running etcd, has locked the file, or it cannot be read.</summary>
    Unreadable,
}

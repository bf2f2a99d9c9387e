namespace EtcdMaint.Snapshot;

/// <summary>The file could not be opened. Damage of its content is never an exception.</summary>
public sealed class SnapshotFileException : IOException
{
    internal SnapshotFileException(SnapshotFileError error, string message, Exception? cause = null)
        : base(message, cause) => Error = error;

    /// <summary>The reason.</summary>
    public SnapshotFileError Error { get; }
}

namespace EtcdMaint.Snapshot.Bolt;

/// <summary>The operating system could not read a part of the file. A scan turns it into a finding.</summary>
internal sealed class ReadFailedException(long offset, string message, Exception? cause = null)
    : IOException(message, cause)
{
    public long Offset { get; } = offset;
}

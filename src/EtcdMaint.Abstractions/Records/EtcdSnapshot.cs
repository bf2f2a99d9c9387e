namespace EtcdMaint;

/// <summary>A snapshot that was streamed to a file and verified.</summary>
public sealed class EtcdSnapshot : IEtcdMemberRecord
{
    /// <inheritdoc/>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The full path of the file.</summary>
    /// <remarks>Not made plain: it names the file, and the caller chose it.</remarks>
    public string Path { get; internal init; } = "";

    /// <summary>Size of the file in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>The newest revision that the member had applied when the stream began.</summary>
    public long Revision { get; internal init; }

    /// <summary>SHA-256 of the database as the server sent it and as it was checked, lower-case hexadecimal.</summary>
    public string Sha256
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>When the stream began.</summary>
    public DateTimeOffset TakenAt { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

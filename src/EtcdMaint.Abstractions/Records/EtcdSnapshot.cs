namespace EtcdMaint;

/// <summary>A snapshot that was saved to a file and verified.</summary>
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
    /// <remarks>Not converted to plain text: it must name the file exactly, and the caller chose it.</remarks>
    public string Path { get; internal init; } = "";

    /// <summary>The size of the file, in bytes.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>The newest revision that the member had applied when the snapshot began.</summary>
    public long Revision { get; internal init; }

    /// <summary>
    /// The SHA-256 checksum of the database that the server sent, which was verified; in lower-case hexadecimal.
    /// </summary>
    public string Sha256
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// Whether the saved file was read again, is intact, and has the data of the members; null if this was not
    /// requested.
    /// </summary>
    public bool? IsProven { get; internal init; }

    /// <summary>Why the snapshot is not proven; null if it is, or if this was not requested.</summary>
    internal EtcdException? Unproven { get; init; }

    /// <summary>The time at which the snapshot began.</summary>
    public DateTimeOffset TakenAt { get; internal init; }

    /// <summary>The duration, without that of a proof.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    /// <summary>Returns the snapshot after it was proven, or was not.</summary>
    internal EtcdSnapshot Proven(EtcdException? unproven) =>
        new()
        {
            ClusterName = ClusterName,
            ClusterId = ClusterId,
            MemberId = MemberId,
            MemberName = MemberName,
            Path = Path,
            SizeBytes = SizeBytes,
            Revision = Revision,
            Sha256 = Sha256,
            IsProven = unproven is null,
            Unproven = unproven,
            TakenAt = TakenAt,
            Duration = Duration,
            Member = Member,
        };

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

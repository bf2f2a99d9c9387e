namespace EtcdMaint;

/// <summary>What a compaction came to on one member.</summary>
public sealed class EtcdCompactionResult : IUpstreamResult
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

    /// <summary>Where this member was reached.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The revision up to which history was removed; null when none was chosen.</summary>
    public long? Revision { get; internal init; }

    /// <summary>How it ended.</summary>
    public EtcdCompactionStatus Status { get; internal init; }

    /// <summary>Why <see cref="Status"/> is what it is; null when there is nothing to say.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Size of the database file afterwards, in bytes. A compaction does not shrink it.</summary>
    public long? DbSize { get; internal init; }

    /// <summary>
    /// Bytes in use afterwards; <see cref="DbSize"/> minus this is what a defragmentation would give back.
    /// </summary>
    public long? DbSizeInUse { get; internal init; }

    /// <summary>How long this member took.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    UpstreamState IUpstreamResult.Upstream =>
        Status switch
        {
            EtcdCompactionStatus.Planned => UpstreamState.Planned,
            EtcdCompactionStatus.Failed or EtcdCompactionStatus.NotAttempted => UpstreamState.Failed,
            _ => UpstreamState.Done,
        };

    /// <summary>Member and status.</summary>
    public override string ToString() => $"{Member?.ToString() ?? MemberId}: {Status}";
}

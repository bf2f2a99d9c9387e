namespace EtcdMaint;

/// <summary>The result of a compaction on one member.</summary>
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

    /// <summary>The endpoint at which this member was reached.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The revision up to which history was removed; null if there is none.</summary>
    public long? Revision { get; internal init; }

    /// <summary>The outcome.</summary>
    public EtcdCompactionStatus Status { get; internal init; }

    /// <summary>The reason for <see cref="Status"/>; null if there is none to give.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The reason in few words, for a table; null if <see cref="Reason"/> is short.</summary>
    internal string? Brief
    {
        get;
        init => field = PlainText.Of(value);
    }

    /// <summary>
    /// The size of the database file after the compaction, in bytes. A compaction does not shrink the file.
    /// </summary>
    public long? DbSize { get; internal init; }

    /// <summary>
    /// The bytes in use after the compaction. A defragmentation would reclaim <see cref="DbSize"/> minus this value.
    /// </summary>
    public long? DbSizeInUse { get; internal init; }

    /// <summary>The duration on this member.</summary>
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

    string? IUpstreamResult.Brief => Brief;

    /// <summary>The member and the status.</summary>
    public override string ToString() => $"{Member?.ToString() ?? MemberId}: {Status}";
}

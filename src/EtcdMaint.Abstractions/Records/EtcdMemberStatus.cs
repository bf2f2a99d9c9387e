namespace EtcdMaint;

/// <summary>
/// What one member says of itself, or, when it does not answer, the row that says so. What is not known is null.
/// </summary>
public sealed class EtcdMemberStatus : IEtcdMemberRecord
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

    /// <summary>Where this member was reached; null when it was not.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The server's version, for example 3.5.30.</summary>
    public string? Version
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The version of the storage schema; known from etcd 3.6 on.</summary>
    public string? StorageVersion
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Size of the database file, in bytes.</summary>
    public long? DbSize { get; internal init; }

    /// <summary>Bytes of the file that hold data; the rest is free pages that a defragmentation gives back.</summary>
    public long? DbSizeInUse { get; internal init; }

    /// <summary>
    /// Bytes that a defragmentation would give back: <see cref="DbSize"/> minus <see cref="DbSizeInUse"/>.
    /// </summary>
    public long? FreeBytes => DbSize - DbSizeInUse;

    /// <summary>Share of the file that is free pages, 0 to 1; 0 for an empty file.</summary>
    public double? FragmentationRatio => DbSize is 0 ? 0 : (double?)FreeBytes / DbSize;

    /// <summary>
    /// The backend quota in bytes: from Status (etcd 3.6 on), else from the member's metrics, else as given to the
    /// connection, else from the settings of its pod or process where they leave no doubt. Null where it is not known,
    /// and where etcd has no limit.
    /// </summary>
    public long? QuotaBytes { get; internal init; }

    /// <summary>Whether etcd runs without a limit; not the same as a quota that is not known.</summary>
    internal bool IsWithoutQuota { get; init; }

    /// <summary>
    /// Share of the quota that the file takes, 0 to 1 and above: etcd compares the file, not the data in it.
    /// </summary>
    public double? QuotaUsedRatio => QuotaBytes is > 0 ? (double?)DbSize / QuotaBytes : null;

    /// <summary>Whether this member leads.</summary>
    public bool? IsLeader { get; internal init; }

    /// <summary>ID of the leader as this member sees it; null when it sees none.</summary>
    public string? LeaderId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Whether it is a learner.</summary>
    public bool IsLearner { get; internal init; }

    /// <summary>The raft term.</summary>
    public long? RaftTerm { get; internal init; }

    /// <summary>Index of the newest raft entry that this member knows to be committed.</summary>
    public long? RaftIndex { get; internal init; }

    /// <summary>Index of the newest raft entry that this member has applied.</summary>
    public long? RaftAppliedIndex { get; internal init; }

    /// <summary>The newest revision that this member has applied.</summary>
    public long? Revision { get; internal init; }

    /// <summary>Alarms armed for this very member.</summary>
    public EtcdAlarmType[] Alarm { get; internal init; } = [];

    /// <summary>Errors that the member reports, alarms of the whole cluster among them, as it words them.</summary>
    public string[] Error
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>Whether the member answered.</summary>
    public bool IsReachable { get; internal init; }

    /// <summary>How long the answer took; null when there was none.</summary>
    public TimeSpan? Latency { get; internal init; }

    /// <summary>The pod that it runs in, when reached through Kubernetes.</summary>
    public string? PodName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The node that it runs on, when known.</summary>
    public string? NodeName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    /// <summary>The member's name, or its ID while it has none.</summary>
    public override string ToString() => Member?.ToString() ?? MemberId;
}

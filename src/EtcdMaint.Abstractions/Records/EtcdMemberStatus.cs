namespace EtcdMaint;

/// <summary>
/// The status that one member reports, or the row of a member that does not answer. Unknown values are null.
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

    /// <summary>The endpoint at which this member was reached; null if it was not reached.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The version of the server, for example 3.5.30.</summary>
    public string? Version
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The version of the storage schema. etcd 3.6 and later report it.</summary>
    public string? StorageVersion
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The size of the database file, in bytes.</summary>
    public long? DbSize { get; internal init; }

    /// <summary>
    /// The bytes of the file that hold data. The rest are free pages, which a defragmentation returns to the disk.
    /// </summary>
    public long? DbSizeInUse { get; internal init; }

    /// <summary>
    /// The bytes that a defragmentation would return to the disk: <see cref="DbSize"/> minus <see cref="DbSizeInUse"/>.
    /// </summary>
    public long? FreeBytes => DbSize - DbSizeInUse;

    /// <summary>The share of free pages in the file, from 0 to 1; 0 for an empty file.</summary>
    public double? FragmentationRatio => DbSize is 0 ? 0 : (double?)FreeBytes / DbSize;

    /// <summary>
    /// The backend quota in bytes. The sources, in this order, are the status (etcd 3.6 and later), the metrics of the
    /// member, the value of the connection, and the settings of the pod or process if they are certain. It is null if
    /// the quota is unknown or etcd has no limit.
    /// </summary>
    public long? QuotaBytes { get; internal init; }

    /// <summary>Whether etcd runs without a limit, as opposed to an unknown quota.</summary>
    internal bool IsWithoutQuota { get; init; }

    /// <summary>
    /// The share of the quota that the file uses, from 0 to 1 and above. etcd compares the size of the file, not the
    /// data in it.
    /// </summary>
    public double? QuotaUsedRatio => QuotaBytes is > 0 ? (double?)DbSize / QuotaBytes : null;

    /// <summary>Whether this member is the leader.</summary>
    public bool? IsLeader { get; internal init; }

    /// <summary>The ID of the leader that this member reports; null if it knows no leader.</summary>
    public string? LeaderId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>Whether the member is a learner.</summary>
    public bool IsLearner { get; internal init; }

    /// <summary>The role: leader, voter or learner.</summary>
    public EtcdMemberRole Role =>
        IsLearner ? EtcdMemberRole.Learner
        : IsLeader is true ? EtcdMemberRole.Leader
        : EtcdMemberRole.Voter;

    /// <summary>The raft term.</summary>
    public long? RaftTerm { get; internal init; }

    /// <summary>The index of the newest raft entry that this member knows to be committed.</summary>
    public long? RaftIndex { get; internal init; }

    /// <summary>The index of the newest raft entry that this member has applied.</summary>
    public long? RaftAppliedIndex { get; internal init; }

    /// <summary>The newest revision that this member has applied.</summary>
    public long? Revision { get; internal init; }

    /// <summary>The alarms that are armed for this member.</summary>
    public EtcdList<EtcdAlarmType> Alarm { get; internal init; } = [];

    /// <summary>
    /// The errors that the member reports, in its own words. They include the alarms of the whole cluster.
    /// </summary>
    public EtcdList<string> Error
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>Whether the member answered.</summary>
    public bool IsReachable { get; internal init; }

    /// <summary>The time until the answer; null if the member did not answer.</summary>
    public TimeSpan? Latency { get; internal init; }

    /// <summary>The pod of the member, if the connection uses Kubernetes.</summary>
    public string? PodName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The node of the member, if it is known.</summary>
    public string? NodeName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <inheritdoc/>
    public EtcdMember? Member { get; internal init; }

    /// <summary>When the row was read with <c>-Continuous</c>; null for a single reading.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>
    /// The writes per second since the last reading with an answer, by the revision; null without such a reading.
    /// </summary>
    public double? WritesPerSecond { get; private set; }

    /// <summary>
    /// The growth of the database file since the last reading with an answer, in bytes per second; negative if the file
    /// shrank, and null without such a reading.
    /// </summary>
    public double? GrowthBytesPerSecond { get; private set; }

    /// <summary>Returns this row as one of a sequence of readings.</summary>
    internal EtcdMemberStatus AsObserved(DateTimeOffset readAt, double? writesPerSecond, double? growthBytesPerSecond)
    {
        var observed = (EtcdMemberStatus)MemberwiseClone();
        observed.ReadAt = readAt;
        observed.WritesPerSecond = writesPerSecond;
        observed.GrowthBytesPerSecond = growthBytesPerSecond;
        return observed;
    }

    /// <summary>Returns the row of this member for a reading in which no member could be asked.</summary>
    internal EtcdMemberStatus WithoutAnswer() =>
        new()
        {
            ClusterName = ClusterName,
            ClusterId = ClusterId,
            MemberId = MemberId,
            MemberName = MemberName,
            Endpoint = Endpoint,
            IsLearner = IsLearner,
            PodName = PodName,
            NodeName = NodeName,
            Member = Member,
        };

    /// <summary>The name of the member, or its ID if it has no name yet.</summary>
    public override string ToString() => Member?.ToString() ?? MemberId;
}

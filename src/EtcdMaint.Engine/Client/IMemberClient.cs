using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// Calls the member at one address, in terms of etcd and independent of the transport. Throws
/// <see cref="MemberCallException"/>, or <see cref="OperationCanceledException"/> if the call is cancelled.
/// </summary>
internal interface IMemberClient : IAsyncDisposable
{
    MemberAddress Place { get; }

    /// <summary>
    /// Completes when the connection that a call is opening is established or has failed; null if the calls open none.
    /// The time that this takes does not depend on the member, and the opening continues after the call stops waiting.
    /// An opening in several steps has a task for each of them.
    /// </summary>
    Task? Opening => null;

    /// <summary>Without linearizable, it is a local read, which the member answers even while it defragments.</summary>
    Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit);

    /// <summary>
    /// Whether etcd is running although it did not report its ID in time. This happens if the request needs the
    /// cluster: a write may wait for a defragmentation, and the request waits for the write.
    /// </summary>
    Task<bool> IsUnresponsiveAsync(CallBudget limit) => Task.FromResult(false);

    /// <summary>Does not return while the member defragments.</summary>
    Task<StatusReply> GetStatusAsync(CallBudget limit);

    /// <summary>
    /// Makes a round trip that needs neither the data of etcd nor a quorum. If it is slow, the access is slow: the
    /// network, ssh or the API server. Over gRPC, a suspended member looks the same.
    /// </summary>
    Task PingAsync(CallBudget limit) => ListMembersAsync(linearizable: false, limit);

    /// <summary>Makes a linearizable read of one absent key, which proves a quorum.</summary>
    Task<ReplyHeader> ReadAsync(CallBudget limit);

    /// <summary>Goes through raft, like every alarm call.</summary>
    Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit);

    /// <summary>Whether the client can disarm only all alarms of the cluster together.</summary>
    bool DisarmsTogether => false;

    /// <summary>
    /// Disarms exactly these alarms. If they can be disarmed only together with others, nothing is disarmed.
    /// </summary>
    Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit);

    /// <summary>
    /// Compacts physically: it returns when the member has removed its history up to the revision. For a revision that
    /// is already compacted, it throws <see cref="CallFailure.Compacted"/> after any running compaction on this member
    /// has finished.
    /// </summary>
    Task CompactAsync(long revision, CallBudget limit);

    /// <summary>Opens the connection over which a Defragment can be sent to this member. Nothing is sent.</summary>
    Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit);

    /// <summary>
    /// Whether history was ever compacted beyond revision 1. This is much faster than reading the compacted revision.
    /// </summary>
    Task<bool> HasCompactedAsync(CallBudget limit) => IsCompactedAsync(2, limit);

    /// <summary>
    /// Whether the history up to a revision is compacted, determined by a read at the revision before it. Revision 1
    /// cannot be checked, because no revision precedes it.
    /// </summary>
    Task<bool> IsCompactedAsync(long revision, CallBudget limit);

    /// <summary>Returns the compacted revision, or 0 if history was never compacted.</summary>
    Task<long> ReadCompactedRevisionAsync(CallBudget limit);

    Task<HashReply> HashAsync(long revision, CallBudget limit);

    /// <summary>Moves leadership. Only the leader can do this.</summary>
    Task MoveLeaderAsync(ulong target, CallBudget limit);

    /// <summary>
    /// Whether a downgrade of the cluster is running. It only asks, and every voter that has caught up answers the
    /// same. From etcd 3.6 on, the status contains it too.
    /// </summary>
    /// <param name="clusterVersion">The lowest minor release of the members.</param>
    /// <param name="limit">The time limit.</param>
    Task<bool> IsDowngradingAsync(Version clusterVersion, CallBudget limit) =>
        throw MemberCallException.Create(
            CallFailure.NotSupportedHere,
            Place,
            "etcdctl does not show whether a downgrade of etcd 3.5 is running"
        );

    /// <summary>
    /// Returns the metrics of the member, or null if they cannot be read. A page that is too large is an error.
    /// </summary>
    Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit);

    /// <summary>
    /// Returns the free bytes on the data disk of the member, or null if the access cannot read them.
    /// </summary>
    Task<long?> ReadFreeDiskAsync(CallBudget limit) => Task.FromResult<long?>(null);

    Task<KeyReply> GetAsync(string key, CallBudget limit);

    /// <summary>
    /// Makes a linearizable read of a range of keys with their values. For a revision that was compacted, it throws
    /// <see cref="CallFailure.Compacted"/>.
    /// </summary>
    Task<KeyListReply> ListKeysAsync(KeyRange range, CallBudget limit);

    /// <summary>
    /// Counts the keys of spans, and returns the first keys of each with their sizes, in one call. It reads the data of
    /// the member itself, without the other members, and drops the values. For a revision that was compacted, it
    /// throws <see cref="CallFailure.Compacted"/>.
    /// </summary>
    /// <param name="spans">
    /// At most as many as etcd allows operations in a transaction, 128 by default. Up to 3.6, etcd walks through the
    /// index of each whole span, even with a limit.
    /// </param>
    /// <param name="revision">The revision at which the keys are read, or 0 for the newest one of the member.</param>
    Task<KeySpansReply> ReadSpansAsync(IReadOnlyList<KeySpan> spans, long revision, CallBudget limit);

    /// <summary>Whether <see cref="ReadSpansAsync"/> sends a transaction even for a single span.</summary>
    bool ReadsInTransactions => false;

    /// <summary>
    /// Streams all keys of a span with their sizes, without a limit. etcd can do this since 3.7. Otherwise the first
    /// read throws <see cref="CallFailure.NotSupported"/>. The time limit applies to each piece.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<KeySize>> StreamSpanAsync(KeySpan span, long revision, CallBudget limit) =>
        throw MemberCallException.Create(CallFailure.NotSupported, Place);

    /// <summary>Whether <see cref="WatchAsync"/> is possible over this access.</summary>
    bool CanWatch => true;

    /// <summary>
    /// Reports the writes in a span from now on until it is cancelled. The values are dropped. It yields an empty list
    /// once the watch has begun.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<KeyWrite>> WatchAsync(KeySpan span, CallBudget limit) =>
        throw MemberCallException.Create(CallFailure.NotSupportedHere, Place, "etcdctl cannot watch all keys here");

    Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit);

    Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit);

    /// <summary>Returns the remaining time to live, or zero if the lease no longer exists.</summary>
    Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit);

    Task RevokeLeaseAsync(long lease, CallBudget limit);

    /// <summary>Returns the names of all auth roles. The read is linearizable, like every call about roles.</summary>
    Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit);

    /// <summary>
    /// Adds a role without permissions. Of several calls with the same name, only one succeeds. It works while NOSPACE
    /// is armed.
    /// </summary>
    Task AddRoleAsync(string name, CallBudget limit);

    Task DeleteRoleAsync(string name, CallBudget limit);

    /// <summary>
    /// Returns the expiry dates of the certificates in use. The list is empty without TLS or if they are not visible.
    /// </summary>
    Task<IReadOnlyList<CertificateValidity>> ReadCertificatesAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<CertificateValidity>>([]);

    /// <summary>
    /// Streams the whole database of the member in pieces. The last 32 bytes are a SHA-256 of all bytes before them.
    /// The time limit applies to each piece.
    /// </summary>
    IAsyncEnumerable<SnapshotPiece> StreamSnapshotAsync(CallBudget limit) =>
        throw MemberCallException.Create(
            CallFailure.NotSupportedHere,
            Place,
            "a snapshot cannot be transferred to this machine"
        );

    /// <summary>
    /// Closes the streams that are open, because no call uses them at present. The next call opens them again.
    /// </summary>
    void CloseStreams() { }
}

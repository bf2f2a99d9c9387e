using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// Talks to whatever answers at one place, in etcd's own terms. How the place is reached is not its business. Throws
/// <see cref="MemberCallException"/>; a stop is an <see cref="OperationCanceledException"/>.
/// </summary>
internal interface IMemberClient : IAsyncDisposable
{
    MemberAddress Place { get; }

    /// <summary>
    /// Ends when the way in that a call looks for has been found, or found closed. What that takes says nothing about
    /// the member, and it goes on when the call stops waiting.
    /// </summary>
    Task Opening => Task.CompletedTask;

    /// <summary>A local read when not linearizable: it answers even while the member defragments.</summary>
    Task<MemberListReply> ListMembersAsync(bool linearizable, CallBudget limit);

    /// <summary>
    /// Whether etcd is there all the same when it did not say in time who it is, because that cannot be asked of it
    /// alone: a write may wait behind its defragmentation, and the question behind the write.
    /// </summary>
    Task<bool> IsHeldUpAsync(CallBudget limit) => Task.FromResult(false);

    /// <summary>Blocks while the member defragments.</summary>
    Task<StatusReply> GetStatusAsync(CallBudget limit);

    /// <summary>A linearizable read of one absent key: it proves a quorum.</summary>
    Task<ReplyHeader> ReadAsync(CallBudget limit);

    /// <summary>Goes through raft, as every alarm call does.</summary>
    Task<IReadOnlyList<ArmedAlarm>> ListAlarmsAsync(CallBudget limit);

    /// <summary>Whether it can disarm only all alarms of the cluster together.</summary>
    bool DisarmsTogether => false;

    /// <summary>
    /// Disarms exactly these. Where they can only be disarmed together with others, nothing is disarmed.
    /// </summary>
    Task DisarmAsync(IReadOnlyList<ArmedAlarm> alarms, CallBudget limit);

    /// <summary>
    /// Compacts physically: returns when this member's history up to the revision is gone. For a revision that is
    /// compacted already it throws <see cref="CallFailure.Compacted"/>, after any compaction at work on this member.
    /// </summary>
    Task CompactAsync(long revision, CallBudget limit);

    /// <summary>Opens the way on which a Defragment can be sent to this member. Nothing is sent.</summary>
    Task<IPreparedDefrag> PrepareDefragAsync(ulong memberId, CallBudget limit);

    /// <summary>Whether history was ever compacted, beyond revision 1. Far quicker than to ask up to where.</summary>
    Task<bool> HasCompactedAsync(CallBudget limit) => IsCompactedAsync(2, limit);

    /// <summary>
    /// Whether the history up to a revision is compacted, by a read at the revision before it. Not seen of revision 1,
    /// before which there is none to read.
    /// </summary>
    Task<bool> IsCompactedAsync(long revision, CallBudget limit);

    /// <summary>The revision up to which history is compacted; 0 when it never was.</summary>
    Task<long> ReadCompactedRevisionAsync(CallBudget limit);

    Task<HashReply> HashAsync(long revision, CallBudget limit);

    /// <summary>Hands leadership over; only the leader can.</summary>
    Task MoveLeaderAsync(ulong target, CallBudget limit);

    /// <summary>The member's metrics; null where they cannot be read. A page that is too large is an error.</summary>
    Task<MemberMetrics?> ReadMetricsAsync(CallBudget limit);

    /// <summary>Bytes free on the disk of the member's data; null where the way in cannot tell.</summary>
    Task<long?> ReadFreeDiskAsync(CallBudget limit) => Task.FromResult<long?>(null);

    Task<KeyReply> GetAsync(string key, CallBudget limit);

    Task<CreateReply> CreateAsync(string key, byte[] value, long lease, CallBudget limit);

    Task<long> GrantLeaseAsync(TimeSpan timeToLive, CallBudget limit);

    /// <summary>The time to live that is left; zero when the lease is gone.</summary>
    Task<TimeSpan> KeepLeaseAliveAsync(long lease, CallBudget limit);

    Task RevokeLeaseAsync(long lease, CallBudget limit);

    /// <summary>The names of all auth roles; linearizable, as every call about roles is.</summary>
    Task<IReadOnlyList<string>> ListRolesAsync(CallBudget limit);

    /// <summary>
    /// Adds a role without permissions; of several calls with one name only one succeeds. Works while NOSPACE is armed.
    /// </summary>
    Task AddRoleAsync(string name, CallBudget limit);

    Task DeleteRoleAsync(string name, CallBudget limit);

    /// <summary>
    /// Until when the certificates used here are valid; empty without TLS, or where that cannot be seen.
    /// </summary>
    Task<IReadOnlyList<CertificateValidity>> ReadCertificatesAsync(CallBudget limit) =>
        Task.FromResult<IReadOnlyList<CertificateValidity>>([]);

    /// <summary>
    /// The member's whole database in pieces, the last 32 bytes a SHA-256 over all before. The limit holds for each
    /// piece.
    /// </summary>
    IAsyncEnumerable<SnapshotPiece> StreamSnapshotAsync(CallBudget limit) =>
        throw MemberCallException.Create(
            CallFailure.NotSupportedHere,
            Place,
            "a snapshot cannot be brought to this machine"
        );
}

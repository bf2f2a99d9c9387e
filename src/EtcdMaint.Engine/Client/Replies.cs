using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// The member that answered. Replies to Defragment and MoveLeader have no header (etcd leaves it empty).
/// </summary>
internal readonly record struct ReplyHeader(ulong ClusterId, ulong MemberId, long Revision, ulong RaftTerm);

/// <summary>A member in the member list. A member that has never started has no name and no client URL.</summary>
internal sealed record MemberEntry(
    ulong Id,
    string Name,
    IReadOnlyList<string> PeerUrls,
    IReadOnlyList<string> ClientUrls,
    bool IsLearner
)
{
    public bool IsStarted => Name.Length > 0 || ClientUrls.Count > 0;

    public override string ToString() => Name.Length > 0 ? Name : HexId.Format(Id);
}

internal sealed record MemberListReply(ReplyHeader Header, IReadOnlyList<MemberEntry> Members)
{
    /// <summary>
    /// Returns the reply if a member sent it. etcd grpc-proxy creates its own list and omits the IDs.
    /// </summary>
    /// <exception cref="MemberCallException">The reply is not from a member.</exception>
    public MemberListReply OfMember(MemberAddress place) =>
        Header is { ClusterId: not 0, MemberId: not 0 }
            ? this
            : throw MemberCallException.Create(CallFailure.NotAMember, place);
}

/// <summary>The status of a member. The quota is null before etcd 3.6.</summary>
internal sealed record StatusReply
{
    public ReplyHeader Header { get; init; }

    public string Version { get; init; } = "";

    public string? StorageVersion { get; init; }

    public long DbSize { get; init; }

    public long DbSizeInUse { get; init; }

    public long? QuotaBytes { get; init; }

    /// <summary>The ID of the leader, or 0 if the member has no leader.</summary>
    public ulong Leader { get; init; }

    public ulong RaftTerm { get; init; }

    /// <summary>The index of the newest committed entry.</summary>
    public ulong RaftIndex { get; init; }

    public ulong RaftAppliedIndex { get; init; }

    public IReadOnlyList<string> Errors { get; init; } = [];

    public bool IsLearner { get; init; }

    /// <summary>The version to which the cluster is being downgraded, or null.</summary>
    public string? DowngradeTarget { get; init; }

    public long FreeBytes => Math.Max(0, DbSize - DbSizeInUse);

    public ulong ApplyLag => RaftIndex > RaftAppliedIndex ? RaftIndex - RaftAppliedIndex : 0;
}

internal readonly record struct ArmedAlarm(ulong MemberId, EtcdAlarmType Type);

/// <summary>
/// A hash of the keys up to a revision. Two hashes are comparable only if the revision and the compacted revision are
/// the same.
/// </summary>
internal sealed record HashReply(ReplyHeader Header, uint Hash, long CompactRevision);

/// <summary>The value of a key. <paramref name="Lease"/> is 0 if the key does not expire.</summary>
internal sealed record KeyReply(ReplyHeader Header, byte[]? Value, long Lease)
{
    /// <summary>The revision of the last change of the key, or 0 if it does not exist.</summary>
    public long ModRevision { get; init; }
}

/// <summary>The keys from one key, included, up to another one, excluded.</summary>
/// <param name="Limit">The largest number of keys in the reply.</param>
/// <param name="Revision">The revision whose keys are read, or 0 for the newest one.</param>
internal sealed record KeyRange(string From, string To, int Limit, long Revision = 0)
{
    /// <summary>The keys that begin with a prefix whose last character is ASCII.</summary>
    public static KeyRange Prefix(string prefix, int limit, long revision = 0) =>
        new(prefix, $"{prefix[..^1]}{(char)(prefix[^1] + 1)}", limit, revision);
}

/// <summary>A key with its value.</summary>
internal sealed record StoredKey(string Key, byte[] Value);

/// <param name="HasMore">Whether the range has more keys than its limit.</param>
internal sealed record KeyListReply(ReplyHeader Header, IReadOnlyList<StoredKey> Keys, bool HasMore);

/// <summary>The result of a put on the condition that the key does not exist.</summary>
internal sealed record CreateReply(bool Created, byte[]? ExistingValue, long ExistingLease);

/// <summary>A certificate in use and its expiry date.</summary>
/// <param name="IsOurs">Whether it is the client certificate of this side.</param>
internal sealed record CertificateValidity(bool IsOurs, string Subject, DateTimeOffset NotAfter);

/// <param name="Remaining">The number of bytes after this piece, as reported by the server.</param>
internal readonly record struct SnapshotPiece(ReadOnlyMemory<byte> Bytes, long Remaining);

using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>Who answered. Replies to Defragment and MoveLeader have none (etcd leaves it empty).</summary>
internal readonly record struct ReplyHeader(ulong ClusterId, ulong MemberId, long Revision, ulong RaftTerm);

/// <summary>A member as the member list has it. One that has never started has no name and no client URL.</summary>
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
    /// <summary>Itself, where a member gave it. etcd grpc-proxy makes its own list, and leaves the IDs out.</summary>
    /// <exception cref="MemberCallException">No member gave it.</exception>
    public MemberListReply OfMember(MemberAddress place) =>
        Header is { ClusterId: not 0, MemberId: not 0 }
            ? this
            : throw MemberCallException.Create(CallFailure.NotAMember, place);
}

/// <summary>What a member says of itself. The quota is null before etcd 3.6.</summary>
internal sealed record StatusReply
{
    public ReplyHeader Header { get; init; }

    public string Version { get; init; } = "";

    public string? StorageVersion { get; init; }

    public long DbSize { get; init; }

    public long DbSizeInUse { get; init; }

    public long? QuotaBytes { get; init; }

    /// <summary>0 when the member sees no leader.</summary>
    public ulong Leader { get; init; }

    public ulong RaftTerm { get; init; }

    /// <summary>Index of the newest committed entry.</summary>
    public ulong RaftIndex { get; init; }

    public ulong RaftAppliedIndex { get; init; }

    public IReadOnlyList<string> Errors { get; init; } = [];

    public bool IsLearner { get; init; }

    /// <summary>The version to which the cluster is being downgraded; null when it is not.</summary>
    public string? DowngradeTarget { get; init; }

    public long FreeBytes => Math.Max(0, DbSize - DbSizeInUse);

    public ulong ApplyLag => RaftIndex > RaftAppliedIndex ? RaftIndex - RaftAppliedIndex : 0;
}

internal readonly record struct ArmedAlarm(ulong MemberId, EtcdAlarmType Type);

/// <summary>
/// A hash over the keys up to a revision. Two are comparable only where revision and compacted revision are the same.
/// </summary>
internal sealed record HashReply(ReplyHeader Header, uint Hash, long CompactRevision);

/// <summary>A key's value; <paramref name="Lease"/> is 0 for one that does not expire.</summary>
internal sealed record KeyReply(ReplyHeader Header, byte[]? Value, long Lease);

/// <summary>What became of a put that was made on condition that the key is absent.</summary>
internal sealed record CreateReply(bool Created, byte[]? ExistingValue, long ExistingLease);

/// <summary>A certificate in use and the end of its time.</summary>
/// <param name="IsOurs">Whether it is this side's client certificate.</param>
internal sealed record CertificateValidity(bool IsOurs, string Subject, DateTimeOffset NotAfter);

/// <param name="Remaining">Bytes that come after this piece, by the server's count.</param>
internal readonly record struct SnapshotPiece(ReadOnlyMemory<byte> Bytes, long Remaining);

using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EtcdMaint.Snapshot.Content;

/// <summary>Reads the buckets in which etcd stores what belongs to the cluster and not to its users.</summary>
internal sealed class ContentReader
{
    /// <summary>
    /// A cluster has up to ten members, but keeps the IDs of all removed ones. Further ones are dropped.
    /// </summary>
    private const int MostRows = 10_000;

    private const int LongestText = 64 * 1024;

    private readonly List<SnapshotMember> _members = [];
    private readonly List<string> _removed = [];
    private readonly List<SnapshotAlarm> _alarms = [];
    private SnapshotContent _content = new();
    private long _leases;
    private long _users;
    private long _roles;

    /// <returns>Null for a bucket that is not one of these.</returns>
    public TryReadEntry? ReaderOf(string bucket) =>
        bucket switch
        {
            BucketNames.Meta => TryReadMeta,
            BucketNames.Lease => TryReadLease,
            BucketNames.Alarm => TryReadAlarm,
            BucketNames.Cluster => TryReadCluster,
            BucketNames.Members => TryReadMember,
            BucketNames.MembersRemoved => TryReadRemoved,
            BucketNames.Auth => TryReadAuth,
            BucketNames.AuthUsers => (_, _) => ++_users > 0,
            BucketNames.AuthRoles => (_, _) => ++_roles > 0,
            _ => null,
        };

    public SnapshotContent Build()
    {
        // Entries arrive in descending order.
        _members.Reverse();
        _removed.Reverse();
        _alarms.Reverse();
        return _content with
        {
            Members = _members,
            RemovedMemberIds = _removed,
            FoundingClusterId = ClusterIdentity.Compute(_members),
            Alarms = _alarms,
            LeaseCount = _leases,
            UserCount = _users,
            RoleCount = _roles,
        };
    }

    /// <summary>
    /// <c>schema/cindex.go</c>, <c>confstate.go</c>, <c>version.go</c>, <c>mvcc/store.go</c>. Unknown entries belong to
    /// later releases.
    /// </summary>
    private bool TryReadMeta(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (Text(key))
        {
            case "consistent_index" when TryReadNumber(value, out ulong index):
                _content = _content with { ConsistentIndex = index };
                return true;
            case "term" when TryReadNumber(value, out ulong term):
                _content = _content with { Term = term };
                return true;
            case "confState":
                _content = _content with { ConfState = JsonEntries.ConfState(value) };
                return _content.ConfState is not null;
            case "storageVersion":
                // Empty between an upgrade and the first snapshot of raft.
                _content = _content with
                {
                    StorageVersion = value.IsEmpty ? null : Text(value),
                };
                return value.IsEmpty || IsVersion(value);
            case "scheduledCompactRev" when RevisionKey.TryParse(value, out RevisionKey scheduled):
                _content = _content with { ScheduledCompactRevision = scheduled.Main };
                return true;
            case "finishedCompactRev" when RevisionKey.TryParse(value, out RevisionKey finished):
                _content = _content with { FinishedCompactRevision = finished.Main };
                return true;
            case "consistent_index" or "term" or "scheduledCompactRev" or "finishedCompactRev":
                return false;
            default:
                return true;
        }
    }

    /// <summary>
    /// <c>schema/lease.go</c>: the ID with 8 bytes, big-endian; <c>leasepb.Lease</c> with ID = 1, TTL = 2,
    /// RemainingTTL = 3.
    /// </summary>
    private bool TryReadLease(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _leases++;
        if (!TryReadNumber(key, out ulong id))
            return false;
        ulong ownId = 0;
        var reader = new ProtoReader(value);
        while (reader.MoveNext())
            if (reader is { Field: 1, IsNumber: true })
                ownId = reader.Number;
        return !reader.IsMalformed && ownId == id;
    }

    /// <summary>
    /// <c>schema/alarm.go</c>: the key is an <c>etcdserverpb.AlarmMember</c> with memberID = 1, alarm = 2 (1 NOSPACE,
    /// 2 CORRUPT); the value is empty.
    /// </summary>
    private bool TryReadAlarm(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong member = 0;
        ulong type = 0;
        var reader = new ProtoReader(key);
        while (reader.MoveNext())
        {
            if (reader is { Field: 1, IsNumber: true })
                member = reader.Number;
            else if (reader is { Field: 2, IsNumber: true })
                type = reader.Number;
        }
        string name = type switch
        {
            1 => "NOSPACE",
            2 => "CORRUPT",
            _ => type.ToString(CultureInfo.InvariantCulture),
        };
        if (_alarms.Count < MostRows)
            _alarms.Add(new SnapshotAlarm(HexId(member), name));
        return !reader.IsMalformed;
    }

    /// <summary><c>schema/membership.go</c>: clusterVersion is text; downgrade is JSON, from 3.5 on.</summary>
    private bool TryReadCluster(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (Text(key))
        {
            case "clusterVersion":
                _content = _content with { ClusterVersion = Text(value) };
                return IsVersion(value);
            case "downgrade":
                bool isIntact = JsonEntries.TryReadDowngrade(value, out string? target);
                _content = _content with { DowngradeTarget = target };
                return isIntact;
            default:
                return true;
        }
    }

    /// <summary><c>schema/membership.go</c>: the ID in hexadecimal digits; the member as JSON.</summary>
    private bool TryReadMember(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!TryReadHexId(key, out ulong id) || JsonEntries.Member(id, value) is not { } member)
            return false;
        if (_members.Count < MostRows)
            _members.Add(member);
        return true;
    }

    private bool TryReadRemoved(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!TryReadHexId(key, out ulong id))
            return false;
        if (_removed.Count < MostRows)
            _removed.Add(HexId(id));
        return true;
    }

    /// <summary><c>schema/auth.go</c>: authEnabled is one byte; authRevision has 8 bytes, big-endian.</summary>
    private bool TryReadAuth(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (Text(key) != "authEnabled")
            return true;
        _content = _content with { IsAuthEnabled = value is [1] };
        return value is [0] or [1];
    }

    internal static string HexId(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    private static bool TryReadHexId(ReadOnlySpan<byte> key, out ulong id) =>
        ulong.TryParse(Text(key), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);

    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, out ulong number) =>
        BinaryPrimitives.TryReadUInt64BigEndian(bytes, out number) && bytes.Length == sizeof(ulong);

    private static bool IsVersion(ReadOnlySpan<byte> text) =>
        text.Length <= 64 && Version.TryParse(Text(text).Split('-', '+')[0], out _);

    private static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestText)]);
}

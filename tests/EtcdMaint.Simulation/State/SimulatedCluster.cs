using EtcdMaint.Engine.Wire;
using Google.Protobuf;

namespace EtcdMaint.Simulation.State;

/// <summary>
/// The state that all members of one cluster share. Every member has always applied it. A caller holds
/// <see cref="Gate"/> while it uses the state.
/// </summary>
internal sealed class SimulatedCluster
{
    private const long BytesPerRevision = 1000;

    /// <param name="number">The number of the cluster in the fleet.</param>
    /// <param name="options">What the fleet consists of.</param>
    /// <param name="addresses">The addresses and IDs of the fleet.</param>
    /// <param name="log">Receives the changes.</param>
    public SimulatedCluster(int number, FleetOptions options, FleetAddresses addresses, FleetLog log)
    {
        (Number, Options, Addresses, Log) = (number, options, addresses, log);
        Id = addresses.ClusterId(number);
        int first = number * options.MembersPerCluster;
        Members =
        [
            .. Enumerable
                .Range(first, options.MembersPerCluster)
                .Select(member => new SimulatedMember(this, member, addresses.MemberId(member))),
        ];
        Leader = Members[0];
        Condition = options.ConditionOf(number);
        (long size, long inUse, long history) = Condition switch
        {
            ClusterCondition.Fragmented => (600_000_000L, 270_000_000L, 20_000L),
            ClusterCondition.OutOfSpace => (SimulatedMember.QuotaBytes, SimulatedMember.QuotaBytes, 1_500_000L),
            _ => (100_000_000L, 60_000_000L, 500L),
        };
        CompactedRevision = Revision - history;
        foreach (SimulatedMember member in Members)
            (member.DbSize, member.DbSizeInUse) = (size, inUse);
        if (Condition is ClusterCondition.OutOfSpace)
            Alarms.Add((Leader.Id, AlarmType.Nospace));
    }

    public Lock Gate { get; } = new();

    public int Number { get; }

    public FleetOptions Options { get; }

    public FleetAddresses Addresses { get; }

    public FleetLog Log { get; }

    public ulong Id { get; }

    public ClusterCondition Condition { get; }

    public SimulatedMember[] Members { get; }

    public SimulatedMember Leader { get; private set; }

    public long Revision { get; private set; } = 2_000_000;

    public long CompactedRevision { get; private set; }

    public ulong RaftTerm { get; private set; } = 5;

    public ulong RaftIndex { get; private set; } = 3_000_000;

    public HashSet<(ulong MemberId, AlarmType Type)> Alarms { get; } = [];

    public SortedSet<string> Roles { get; } = new(StringComparer.Ordinal);

    public KeyStore Keys { get; } = new();

    public LeaseStore Leases { get; } = new(TimeProvider.System);

    public bool IsOutOfSpace => Alarms.Any(alarm => alarm.Type is AlarmType.Nospace);

    public ResponseHeader Header(SimulatedMember member) =>
        new()
        {
            ClusterId = Id,
            MemberId = member.Id,
            Revision = Revision,
            RaftTerm = RaftTerm,
        };

    /// <summary>Adds an entry to the raft log.</summary>
    public void Propose() => RaftIndex++;

    public void Put(PutRequest put)
    {
        Keys.Put(put, ++Revision);
        Grow(BytesPerRevision);
    }

    /// <summary>Returns the number of keys that were deleted.</summary>
    public int Delete(IEnumerable<KeyValue> keys)
    {
        int deleted = Keys.Delete(keys);
        if (deleted > 0)
            Revision++;
        return deleted;
    }

    /// <summary>Deletes the keys of the leases that have expired.</summary>
    public void Expire()
    {
        foreach (long lease in Leases.TakeExpired())
            Delete(Keys.OfLease(lease));
    }

    /// <summary>Ends the leases of the keys with such a value, as if their time to live had passed.</summary>
    public void Expire(Predicate<ByteString> hasValue)
    {
        foreach (long lease in FindLeased(hasValue).ToArray())
        {
            Leases.Revoke(lease);
            Delete(Keys.OfLease(lease));
        }
    }

    /// <summary>Returns the leases of the keys with such a value.</summary>
    public IEnumerable<long> FindLeased(Predicate<ByteString> hasValue) =>
        Keys.Range(ByteString.CopyFromUtf8("\0"), ByteString.CopyFromUtf8("\0"))
            .Where(key => key.Lease != 0 && hasValue(key.Value))
            .Select(key => key.Lease);

    public void Compact(long revision)
    {
        TimeSpan started = Log.Now;
        Grow((CompactedRevision - revision) * BytesPerRevision);
        CompactedRevision = revision;
        Log.Add(new FleetChange(Number, 0, FleetChangeKind.Compaction, started, Log.Now));
    }

    public void MoveLeader(SimulatedMember to)
    {
        Leader = to;
        RaftTerm++;
        Propose();
    }

    /// <summary>Free pages of a file are used before it grows.</summary>
    private void Grow(long bytes)
    {
        foreach (SimulatedMember member in Members)
        {
            member.DbSizeInUse += bytes;
            member.DbSize = Math.Max(member.DbSize, member.DbSizeInUse);
        }
    }
}

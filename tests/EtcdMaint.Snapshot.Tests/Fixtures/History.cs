using System.Buffers.Binary;

namespace EtcdMaint.Snapshot.Tests.Fixtures;

/// <summary>One stored revision.</summary>
internal sealed record StoredRevision(long Main, long Sub, bool IsTombstone, string Key, byte[] Value)
{
    /// <summary>The key in the database.</summary>
    public byte[] DatabaseKey
    {
        get
        {
            byte[] key = new byte[IsTombstone ? 18 : 17];
            BinaryPrimitives.WriteInt64BigEndian(key, Main);
            key[8] = (byte)'_';
            BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(9), Sub);
            if (IsTombstone)
                key[17] = (byte)'t';
            return key;
        }
    }
}

/// <summary>The writes of a server: what it stores, what a compaction removes, and how it computes the hash.</summary>
internal sealed class History
{
    private readonly Dictionary<string, (long Created, long Version)> _live = [];

    private History(IEnumerable<StoredRevision> revisions) => Revisions = [.. revisions];

    public History()
        : this([]) { }

    /// <summary>What the database contains, in ascending order.</summary>
    public List<StoredRevision> Revisions { get; private set; }

    public long Revision { get; private set; } = 1;

    public long? Scheduled { get; private set; }

    public long? Finished { get; private set; }

    public int LiveKeys => _live.Count;

    /// <summary>Whether the key exists at the newest revision, and this is its newest revision.</summary>
    public bool IsLive(StoredRevision revision) =>
        !revision.IsTombstone && Revisions.Last(other => other.Key == revision.Key) == revision;

    /// <summary>One transaction.</summary>
    public void Write(params (string Key, byte[]? Value)[] changes)
    {
        changes = [.. changes.Where(change => change.Value is not null || _live.ContainsKey(change.Key))];
        if (changes.Length == 0)
            return;
        Revision++;
        for (int sub = 0; sub < changes.Length; sub++)
            Change(sub, changes[sub].Key, changes[sub].Value);
    }

    private void Change(long sub, string key, byte[]? value)
    {
        if (value is null)
        {
            _live.Remove(key);
            byte[] tombstone = Proto.Bytes(1, Proto.Text(key));
            Revisions.Add(new StoredRevision(Revision, sub, true, key, tombstone));
            return;
        }
        (long created, long version) = _live.GetValueOrDefault(key, (Revision, 0));
        _live[key] = (created, version + 1);
        byte[] stored = Proto.KeyValue(Proto.Text(key), created, Revision, version + 1, value, 0);
        Revisions.Add(new StoredRevision(Revision, sub, false, key, stored));
    }

    /// <param name="revision">The revision to compact to.</param>
    /// <param name="keepsTombstone">
    /// Whether a deletion at that revision is kept, as from 3.4.34 and 3.5.16 on.
    /// </param>
    /// <param name="removals">How many revisions are removed before the server stops; null to complete it.</param>
    public void Compact(long revision, bool keepsTombstone, int? removals = null)
    {
        Scheduled = revision;
        if (removals is null)
            Finished = revision;
        int left = removals ?? int.MaxValue;
        var newest = new Dictionary<string, StoredRevision>();
        foreach (StoredRevision stored in Revisions.Where(stored => stored.Main <= revision))
            newest[stored.Key] = stored;
        Revisions =
        [
            .. Revisions.Where(stored =>
                stored.Main > revision
                || (
                    newest[stored.Key] == stored && (!stored.IsTombstone || (keepsTombstone && stored.Main == revision))
                )
                || left-- <= 0
            ),
        ];
    }

    public History Copy()
    {
        var copy = new History(Revisions)
        {
            Revision = Revision,
            Scheduled = Scheduled,
            Finished = Finished,
        };
        foreach ((string key, var state) in _live)
            copy._live[key] = state;
        return copy;
    }

    /// <summary>
    /// HashKV of a server that has loaded these revisions, in the steps of the server: the index with the generations
    /// of each key, the revisions that it would keep, and the pass over the bucket.
    /// </summary>
    public uint HashKv(long revision, long compactRevision)
    {
        var index = new Dictionary<string, List<List<(long Main, long Sub)>>>();
        foreach (StoredRevision stored in Revisions)
        {
            if (!index.TryGetValue(stored.Key, out var generations))
                index[stored.Key] = generations = [
                    [],
                ];
            generations[^1].Add((stored.Main, stored.Sub));
            if (stored.IsTombstone)
                generations.Add([]);
        }
        var keep = new HashSet<(long, long)>();
        foreach (var generations in index.Values)
        {
            int chosen = 0;
            while (chosen < generations.Count - 1 && generations[chosen][^1].Main < revision)
                chosen++;
            int last = generations[chosen].FindLastIndex(stored => stored.Main <= revision);
            bool isTombstone = last == generations[chosen].Count - 1 && chosen != generations.Count - 1;
            if (last >= 0 && !isTombstone)
                keep.Add(generations[chosen][last]);
        }

        uint crc = SlowCrc32C.Append(uint.MaxValue, "key"u8);
        foreach (StoredRevision stored in Revisions)
        {
            if (stored.Main > revision)
                continue;
            if (stored.Main <= compactRevision && keep.Count > 0 && !keep.Contains((stored.Main, stored.Sub)))
                continue;
            if (stored.Main == compactRevision && stored.IsTombstone)
                continue;
            crc = SlowCrc32C.Append(crc, stored.DatabaseKey);
            crc = SlowCrc32C.Append(crc, stored.Value);
        }
        return ~crc;
    }

    /// <summary>The buckets of a database with these revisions.</summary>
    public BoltFileBuilder AddTo(BoltFileBuilder builder)
    {
        var keys = new BoltBucket();
        foreach (StoredRevision stored in Revisions)
            keys.With(stored.DatabaseKey, stored.Value);
        var meta = new BoltBucket()
            .With(Proto.Text("consistent_index"), [0, 0, 0, 0, 0, 0, 1, 2])
            .With(Proto.Text("term"), [0, 0, 0, 0, 0, 0, 0, 3])
            .With(Proto.Text("confState"), Proto.Text("""{"voters":[10276657743932975437],"auto_leave":false}"""))
            .With(Proto.Text("storageVersion"), Proto.Text("3.6.0"));
        if (Scheduled is { } scheduled)
            meta.With(Proto.Text("scheduledCompactRev"), new StoredRevision(scheduled, 0, false, "", []).DatabaseKey);
        if (Finished is { } finished)
            meta.With(Proto.Text("finishedCompactRev"), new StoredRevision(finished, 0, false, "", []).DatabaseKey);
        return builder
            .With("key", keys)
            .With("meta", meta)
            .With(
                "lease",
                new BoltBucket().With([0, 0, 0, 0, 0, 0, 0, 9], [.. Proto.Number(1, 9), .. Proto.Number(2, 60)])
            )
            .With("alarm", new BoltBucket().With([.. Proto.Number(1, 0xabc), .. Proto.Number(2, 1)], []))
            .With(
                "auth",
                new BoltBucket().With(Proto.Text("authEnabled"), [1]).With(Proto.Text("authRevision"), new byte[8])
            )
            .With("authUsers", new BoltBucket().With(Proto.Text("root"), Proto.Bytes(1, Proto.Text("root"))))
            .With("authRoles", new BoltBucket().With(Proto.Text("root"), Proto.Bytes(1, Proto.Text("root"))))
            .With(
                "cluster",
                new BoltBucket()
                    .With(Proto.Text("clusterVersion"), Proto.Text("3.6.0"))
                    .With(Proto.Text("downgrade"), Proto.Text("""{"target-version":"3.5.0","enabled":true}"""))
            )
            .With(
                "members",
                new BoltBucket().With(
                    Proto.Text("8e9e05c52164694d"),
                    Proto.Text(
                        """{"id":10276657743932975437,"peerURLs":["http://localhost:2380"],"name":"default","clientURLs":["http://localhost:2379"]}"""
                    )
                )
            )
            .With("members_removed", new BoltBucket().With(Proto.Text("1f"), Proto.Text("removed")));
    }

    /// <summary>A history of random transactions.</summary>
    public static History Random(Random random, int transactions, int keys, int largestValue = 60)
    {
        var history = new History();
        for (int i = 0; i < transactions; i++)
        {
            int[] chosen = [.. Enumerable.Range(0, keys)];
            random.Shuffle(chosen);
            history.Write([
                .. chosen
                    .Take(random.Next(8) == 0 ? random.Next(1, 5) : 1)
                    .Select(key => ($"/registry/k{key}", random.Next(4) == 0 ? null : Value(random, largestValue))),
            ]);
        }
        return history;
    }

    private static byte[] Value(Random random, int largest)
    {
        byte[] value = new byte[random.Next(largest + 1)];
        random.NextBytes(value);
        return value;
    }
}

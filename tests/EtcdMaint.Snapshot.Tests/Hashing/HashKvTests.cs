using EtcdMaint.Snapshot.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Hashing;

/// <summary>The hash against a model that computes it in the steps of the server.</summary>
public sealed class HashKvTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    [Fact]
    public void A_history_without_compaction_has_the_hash_of_the_server() =>
        ForAll(random => History.Random(random, random.Next(80), random.Next(1, 12)));

    [Fact]
    public void A_compacted_history_has_the_hash_of_the_server() =>
        ForAll(random =>
        {
            History history = History.Random(random, random.Next(1, 80), random.Next(1, 12));
            for (int i = random.Next(3); i >= 0; i--)
                if (
                    random.NextInt64(history.Scheduled ?? 1, history.Revision + 1) is var to
                    && to > (history.Scheduled ?? 0)
                )
                    history.Compact(to, keepsTombstone: random.Next(2) == 0);
            return history;
        });

    [Fact]
    public void An_interrupted_compaction_has_the_hash_of_a_server_that_completed_it() =>
        ForAll(random =>
        {
            History history = History.Random(random, random.Next(10, 80), random.Next(1, 12));
            long first = random.NextInt64(1, history.Revision);
            history.Compact(first, keepsTombstone: random.Next(2) == 0);
            history.Compact(
                random.NextInt64(first + 1, history.Revision + 1),
                keepsTombstone: true,
                removals: random.Next(10)
            );
            return history;
        });

    /// <summary>The server does not skip anything if it would keep nothing.</summary>
    [Fact]
    public void A_history_that_ends_without_keys_has_the_hash_of_the_server() =>
        ForAll(random =>
        {
            History history = History.Random(random, random.Next(1, 60), 6);
            history.Write([.. Enumerable.Range(0, 6).Select(key => ($"/registry/k{key}", (byte[]?)null))]);
            if (random.Next(3) is var kind && kind > 0)
                history.Compact(
                    random.NextInt64(1, history.Revision + 1),
                    keepsTombstone: random.Next(2) == 0,
                    removals: kind == 1 ? null : random.Next(10)
                );
            return history;
        });

    [Fact]
    public void A_hash_that_the_file_cannot_know_is_null()
    {
        History history = History.Random(new Random(1), 50, 5);
        history.Compact(20, keepsTombstone: true);
        using SnapshotFile file = _file.Write(history.AddTo(new BoltFileBuilder()).Build().Bytes);
        long newest = history.Revision;
        Assert.NotNull(file.Hash(newest, 20));
        Assert.NotNull(file.Hash(20, 20));
        Assert.Null(file.Hash(newest + 1, 20));
        Assert.Null(file.Hash(newest, 19));
        Assert.Null(file.Hash(newest, -1));
        Assert.Null(file.Hash(30, 31));
    }

    public void Dispose() => _file.Dispose();

    private void ForAll(Func<Random, History> make)
    {
        int runs = LongTests.AreWanted ? 5_000 : 60;
        for (int seed = FirstSeed.Value; seed < FirstSeed.Value + runs; seed++)
        {
            var random = new Random(seed);
            History history = make(random);
            int[] sizes = [4096, 8192, 16384, 65536];
            BoltImage image = history
                .AddTo(new BoltFileBuilder { PageSize = sizes[random.Next(4)], Random = random })
                .Build();
            Compare(seed, history, image, random);
        }
    }

    private void Compare(int seed, History history, BoltImage image, Random random)
    {
        using SnapshotFile file = _file.Write(image.WithChecksum());
        var seen = new List<(long, long, bool IsLive)>();
        SnapshotScan scan = file.Scan(
            new SnapshotScanOptions
            {
                Visitor = (in SnapshotRevision revision) => seen.Add((revision.Main, revision.Sub, revision.IsLive)),
            },
            TestContext.Current.CancellationToken
        );
        string where = $"seed {seed}: revision {history.Revision}, compacted {history.Scheduled}, {history.Finished}";
        Assert.True(scan.IsValid, $"{where}: {string.Join(' ', scan.Findings)}");
        Assert.Equal(history.Revision, scan.Revision);
        Assert.Equal(history.LiveKeys, scan.KeyCount);
        Assert.Equal(history.Revisions.Count, scan.RevisionCount);
        Assert.Equal(
            history.Revisions.Select(stored => (stored.Main, stored.Sub, history.IsLive(stored))).Reverse(),
            seen
        );
        Assert.Equal(history.Finished == history.Scheduled, scan.Content.IsCompactionFinished);

        long compacted = history.Scheduled ?? -1;
        Assert.Equal(compacted, scan.CompactRevision);
        History completed = Completed(history, compacted);
        Require(completed.HashKv(history.Revision, compacted), scan.Hash, where);

        long at = random.NextInt64(Math.Max(1, compacted), history.Revision + 1);
        Require(completed.HashKv(at, compacted), file.Hash(at, compacted), $"{where}, at {at}");

        // The server may have been compacted since.
        long later = random.NextInt64(Math.Max(1, compacted), at + 1);
        Require(
            Completed(history, later).HashKv(at, later),
            file.Hash(at, later),
            $"{where}, at {at}, then compacted to {later}"
        );
    }

    private static History Completed(History history, long compactRevision)
    {
        History copy = history.Copy();
        if (compactRevision >= 1)
            copy.Compact(compactRevision, keepsTombstone: true);
        return copy;
    }

    private static void Require(uint expected, uint? actual, string where) =>
        Assert.True(expected == actual, $"{where}: the hash is {actual}, the server's is {expected}");
}

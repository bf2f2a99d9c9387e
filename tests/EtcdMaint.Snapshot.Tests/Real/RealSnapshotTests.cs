using System.Globalization;
using EtcdMaint.Snapshot.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Snapshot.Tests.Real;

/// <summary>Snapshots of each release, compared with the server's HashKV and with the tool of the release.</summary>
[Trait("Kind", "Real")]
public sealed class RealSnapshotTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => Releases.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_file_says_what_the_server_says(string release)
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync(release);
        await using EtcdSource etcd = await EtcdSource.StartAsync(new ClusterOptions { Binaries = binaries });

        using (SnapshotFile empty = await etcd.SaveAsync())
            await CompareAsync(etcd, empty, "empty");

        await WriteAsync(etcd);
        using SnapshotFile uncompacted = await etcd.SaveAsync();
        SnapshotScan scan = await CompareAsync(etcd, uncompacted, "uncompacted");
        Assert.Equal(-1, scan.CompactRevision);
        int keys = 0;
        foreach (string prefix in new[] { "l", "s" })
            keys += (await etcd.Etcd.KeyValues.KeysAsync(prefix, cancellation: Cancellation)).Count;
        Assert.Equal(keys, scan.KeyCount);
        Assert.Equal(1, scan.Content.LeaseCount);
        foreach (long revision in new[] { 2, scan.Revision / 3, scan.Revision / 2, scan.Revision - 1 })
            Require(await etcd.HashAsync(revision), uncompacted.Hash(revision, -1), $"at {revision}");

        // A compaction on the server is computed from the file that was saved before.
        long middle = scan.Revision / 2;
        await etcd.EtcdctlAsync("compaction", "--physical", $"{middle}");
        using (SnapshotFile compacted = await etcd.SaveAsync())
        {
            SnapshotScan after = await CompareAsync(etcd, compacted, "compacted");
            Assert.Equal((middle, true), (after.CompactRevision, after.Content.IsCompactionFinished));
            Assert.Equal(scan.KeyCount, after.KeyCount);
            Assert.True(after.RevisionCount < scan.RevisionCount);
            foreach (long revision in new[] { middle + 1, middle + 5, scan.Revision - 1, scan.Revision })
            {
                MemberHash server = await etcd.HashAsync(revision);
                Assert.Equal(middle, server.CompactRevision);
                Require(server, compacted.Hash(revision, middle), $"compacted, at {revision}");
                Require(server, uncompacted.Hash(revision, middle), $"before the compaction, at {revision}");
            }
        }

        // From 3.5.5 on, a member answers for the compacted revision itself with the hash from before that compaction.
        if (binaries.Version >= new Version(3, 5, 5))
        {
            MemberHash stored = await etcd.HashAsync(middle);
            Assert.Equal(-1, stored.CompactRevision);
            Require(stored, uncompacted.Hash(middle, -1), "stored by the compaction");
        }

        // A deletion at the compacted revision is removed up to 3.4.33 and 3.5.15, and kept in later releases.
        long deletion = await etcd.Etcd.KeyValues.DeleteAsync("load/00000007", Cancellation);
        await etcd.Etcd.KeyValues.PutAsync("after", "1", cancellation: Cancellation);
        await etcd.EtcdctlAsync("compaction", "--physical", $"{deletion}");
        using (SnapshotFile atDeletion = await etcd.SaveAsync())
            await CompareAsync(etcd, atDeletion, "compacted at a deletion");

        // Without any key, the server counts differently.
        await etcd.EtcdctlAsync("del", "--prefix", "");
        using (SnapshotFile deleted = await etcd.SaveAsync())
            Assert.Equal(0, (await CompareAsync(etcd, deleted, "without keys")).KeyCount);
        await etcd.Etcd.KeyValues.PutAsync("last", "1", cancellation: Cancellation);
        using (SnapshotFile again = await etcd.SaveAsync())
            await CompareAsync(etcd, again, "with one key");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_copy_of_the_database_file_is_read(string release)
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync(release);
        await using EtcdSource etcd = await EtcdSource.StartAsync(new ClusterOptions { Binaries = binaries });
        await WriteAsync(etcd);
        long revision = await etcd.Etcd.KeyValues.RevisionAsync(Cancellation);
        await etcd.EtcdctlAsync("compaction", "--physical", $"{revision / 2}");
        MemberHash server = await etcd.HashAsync();
        await etcd.Member.CommittedAsync(Cancellation);

        using (SnapshotFile whileRunning = await etcd.CopyAsync())
        {
            SnapshotScan scan = whileRunning.Scan(cancellationToken: Cancellation);
            Assert.True(scan.IsValid, string.Join(' ', scan.Findings));
            Assert.False(scan.HasChecksum);
            Require(server, scan.Hash, "copied while etcd ran");
        }
        SnapshotFileException locked = Assert.Throws<SnapshotFileException>(() =>
            SnapshotFile.Open(etcd.Member.DatabaseFile)
        );
        Assert.Equal(SnapshotFileError.Unreadable, locked.Error);

        await etcd.Member.StopAsync(Cancellation);
        using SnapshotFile stopped = SnapshotFile.Open(etcd.Member.DatabaseFile);
        Require(server, stopped.Scan(cancellationToken: Cancellation).Hash, "after etcd stopped");
    }

    /// <summary>The member removes one revision at a time here, and pauses after each.</summary>
    [Fact]
    public async Task A_snapshot_during_a_compaction_has_the_hash_of_the_server()
    {
        EtcdBinaries binaries = await Releases.OrSkipAsync("3.5.30");
        await using EtcdSource etcd = await EtcdSource.StartAsync(
            new ClusterOptions { Binaries = binaries, ExtraArguments = ["--experimental-compaction-batch-limit=1"] }
        );
        await WriteAsync(etcd);
        long revision = await etcd.Etcd.KeyValues.RevisionAsync(Cancellation);
        await etcd.EtcdctlAsync("compaction", $"{revision / 2}");
        using SnapshotFile file = await etcd.SaveAsync();
        MemberHash server = await etcd.HashAsync();

        SnapshotScan scan = file.Scan(cancellationToken: Cancellation);
        Assert.False(scan.Content.IsCompactionFinished);
        Assert.Null(scan.Content.FinishedCompactRevision);
        Assert.Equal(revision / 2, scan.CompactRevision);
        Assert.Equal(scan.CompactRevision, server.CompactRevision);
        Require(server, scan.Hash, "during the compaction");
        Require(await etcd.HashAsync(revision - 2), file.Hash(revision - 2, revision / 2), "at an earlier revision");
    }

    /// <summary>Equal keys do not make an equal cluster.</summary>
    [Fact]
    public async Task The_cluster_and_its_state_are_told()
    {
        EtcdBinaries binaries = await EtcdReleases.DefaultAsync();
        await using EtcdSource one = await EtcdSource.StartAsync(
            new ClusterOptions { Binaries = binaries, Members = 3 }
        );
        await using EtcdSource other = await EtcdSource.StartAsync(
            new ClusterOptions
            {
                Binaries = binaries,
                Auth = true,
                QuotaBytes = 8 * 1024 * 1024,
            }
        );
        foreach (EtcdSource etcd in new[] { one, other })
            await etcd.Etcd.KeyValues.PutAsync("same", "value", cancellation: Cancellation);
        await other.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await one.Etcd.AddLearnerAsync(Cancellation);
        await one.Etcd.RemoveMemberAsync(one.Etcd.Members[2], Cancellation);

        using SnapshotFile first = await one.SaveAsync();
        using SnapshotFile second = await other.SaveAsync();
        SnapshotContent content = first.Scan(cancellationToken: Cancellation).Content;
        SnapshotContent foreign = second.Scan(cancellationToken: Cancellation).Content;

        Assert.Equal(
            one.Etcd.Members.Select(member => (member.Id, member.Name, member.IsLearner)).Order(),
            content.Members.Select(member => (member.Id, member.Name, member.IsLearner)).Order()
        );
        Assert.Equal(
            one.Etcd.Members.Select(member => member.PeerUrl).Order(),
            content.Members.SelectMany(member => member.PeerUrls).Order()
        );
        Assert.Single(content.RemovedMemberIds);
        Assert.Equal(2, content.ConfState?.Voters.Count);
        Assert.Single(content.ConfState!.Learners);
        Assert.NotEqual(await one.ClusterIdAsync(), content.FoundingClusterId);
        Assert.False(content.IsAuthEnabled);
        Assert.Empty(content.Alarms);
        Assert.True(content.ConsistentIndex > 5);
        Assert.True(content.Term > 1);

        Assert.Equal(await other.ClusterIdAsync(), foreign.FoundingClusterId);
        Assert.DoesNotContain(foreign.Members[0].Id, content.Members.Select(member => member.Id));
        Assert.True(foreign.IsAuthEnabled);
        Assert.True(foreign.UserCount > 0 && foreign.RoleCount > 0);
        Assert.Equal([new SnapshotAlarm(other.Member.Id, "NOSPACE")], foreign.Alarms);
    }

    /// <summary>Keys that are written once, several times, deleted, created again, large, and with a lease.</summary>
    private static async Task WriteAsync(EtcdSource etcd)
    {
        await etcd.Etcd.Loader.LoadAsync(300_000, 200_000, valueBytes: 1_000, cancellation: Cancellation);
        await etcd.Etcd.Loader.LoadAsync(1_000_000, 500_000, valueBytes: 250_000, "large/", cancellation: Cancellation);
        for (int i = 0; i < 20; i++)
            await etcd.Etcd.KeyValues.PutAsync($"small/{i % 7}", $"value {i}", cancellation: Cancellation);
        foreach (string key in new[] { "small/1", "load/00000005", "large/00000001" })
            await etcd.Etcd.KeyValues.DeleteAsync(key, Cancellation);
        await etcd.Etcd.KeyValues.PutAsync("small/1", "again", cancellation: Cancellation);
        string lease = (await etcd.EtcdctlAsync("lease", "grant", "3600")).Split(' ')[1];
        await etcd.EtcdctlAsync("put", $"--lease={lease}", "leased", "value");
        await etcd.EtcdctlAsync("del", "--prefix", "load/0000002");
    }

    private async Task<SnapshotScan> CompareAsync(EtcdSource etcd, SnapshotFile file, string what)
    {
        MemberHash server = await etcd.HashAsync();
        long revision = await etcd.Etcd.KeyValues.RevisionAsync(Cancellation);
        ToolStatus status = await etcd.StatusAsync(file);
        SnapshotScan scan = file.Scan(cancellationToken: Cancellation);
        output.WriteLine(
            $"{etcd.Etcd.Binaries.Version} {what}: revision {scan.Revision}, compacted {scan.CompactRevision}, "
                + $"{scan.KeyCount} keys, {scan.RevisionCount} revisions; hash {scan.Hash}, server {server.Hash}; "
                + $"{scan.StatusHash}, tool {status}"
        );

        Assert.True(scan.IsValid, $"{what}: {string.Join(' ', scan.Findings)}");
        Assert.True(scan.HasChecksum);
        Assert.Equal(revision, scan.Revision);
        Assert.Equal(server.CompactRevision, scan.CompactRevision);
        Require(server, scan.Hash, what);

        Assert.Equal(status.Hash, scan.StatusHash);
        Assert.Equal(status.TotalSize, scan.PageCount * scan.PageSize);
        // The tool does not know a compaction, and an empty database has no revision for it.
        Assert.True(status.Revision == scan.Revision || scan.RevisionCount == 0, $"{what}: {status}");
        // Up to 3.5, the tool counts the entries of all buckets.
        if (etcd.Etcd.Binaries.Version >= new Version(3, 6))
            Assert.Equal(status.TotalKey, scan.KeyCount);
        else
            Assert.True(status.TotalKey >= scan.RevisionCount, $"{what}: {status}");
        Assert.Equal(string.IsNullOrEmpty(status.Version) ? null : status.Version, scan.Content.StorageVersion);

        Assert.Equal(etcd.Member.Id, Assert.Single(scan.Content.Members).Id);
        Assert.Equal(await etcd.ClusterIdAsync(), scan.Content.FoundingClusterId);
        return scan;
    }

    private static void Require(MemberHash server, uint? hash, string what) =>
        Assert.True(
            server.Hash == hash,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: the file has {hash}, the server {server.Hash} at compacted revision {server.CompactRevision}"
            )
        );
}

using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Snapshot.Tests.Content;

public sealed class ContentTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    [Fact]
    public void The_data_of_the_cluster_is_read()
    {
        History history = History.Random(new Random(1), 100, 10);
        history.Compact(50, keepsTombstone: true);
        SnapshotContent content = Scan(history.AddTo(new BoltFileBuilder())).Content;

        SnapshotMember member = Assert.Single(content.Members);
        Assert.Equal(("8e9e05c52164694d", "default", false), (member.Id, member.Name, member.IsLearner));
        Assert.Equal("http://localhost:2380", Assert.Single(member.PeerUrls));
        Assert.Equal("http://localhost:2379", Assert.Single(member.ClientUrls));
        // The IDs that etcd has without any configuration.
        Assert.Equal("cdf818194e3a8c32", content.FoundingClusterId);
        Assert.Equal(["1f"], content.RemovedMemberIds);
        Assert.Equal("3.6.0", content.ClusterVersion);
        Assert.Equal("3.5.0", content.DowngradeTarget);
        Assert.Equal("3.6.0", content.StorageVersion);
        Assert.Equal(258UL, content.ConsistentIndex);
        Assert.Equal(3UL, content.Term);
        Assert.Equal(["8e9e05c52164694d"], content.ConfState?.Voters);
        Assert.Equal(
            (50L, 50L, true),
            (content.ScheduledCompactRevision, content.FinishedCompactRevision, content.IsCompactionFinished)
        );
        Assert.Equal(1, content.LeaseCount);
        Assert.Equal([new SnapshotAlarm("abc", "NOSPACE")], content.Alarms);
        Assert.True(content.IsAuthEnabled);
        Assert.Equal((1L, 1L), (content.UserCount, content.RoleCount));
    }

    [Fact]
    public void A_new_database_has_revision_1()
    {
        var builder = new BoltFileBuilder().With("key", new BoltBucket()).With("meta", new BoltBucket());
        SnapshotScan scan = Scan(builder);
        Assert.Empty(scan.Findings);
        Assert.Equal((1L, -1L, 0L), (scan.Revision, scan.CompactRevision, scan.KeyCount));
        Assert.Null(scan.Content.FoundingClusterId);
        Assert.Null(scan.Content.ScheduledCompactRevision);
        Assert.Equal(~SlowCrc32C.Append(uint.MaxValue, "key"u8), scan.Hash);
    }

    /// <summary><c>etcdutl snapshot restore --bump-revision</c> writes a revision without a key and a value.</summary>
    [Fact]
    public void A_bumped_revision_is_no_damage()
    {
        History history = History.Random(new Random(1), 20, 5);
        BoltFileBuilder builder = history.AddTo(new BoltFileBuilder());
        byte[] bumped = new StoredRevision(1_000_000, 0, false, "", []).DatabaseKey;
        builder.Root.Buckets[Proto.Text("key")].With(bumped, []);
        SnapshotScan scan = Scan(builder);
        Assert.Empty(scan.Findings);
        Assert.Equal(1_000_000, scan.Revision);
    }

    [Fact]
    public void A_compaction_that_removed_the_newest_revision_determines_the_revision()
    {
        var history = new History();
        history.Write(("a", [1]));
        history.Write(("b", [1]));
        history.Write(("b", null));
        history.Compact(history.Revision, keepsTombstone: false);
        SnapshotScan scan = Scan(history.AddTo(new BoltFileBuilder()));
        Assert.Equal((4L, 4L, 1L), (scan.Revision, scan.CompactRevision, scan.RevisionCount));
        Assert.Equal(history.HashKv(4, 4), scan.Hash);
    }

    [Theory]
    [InlineData("meta", "consistent_index", "short")]
    [InlineData("meta", "finishedCompactRev", "short")]
    [InlineData("meta", "confState", "{\"voters\":[\"text\"]}")]
    [InlineData("meta", "confState", "{\"voters\":[1]} and more")]
    [InlineData("meta", "storageVersion", "three")]
    [InlineData("cluster", "clusterVersion", "")]
    [InlineData("cluster", "downgrade", "{\"enabled\":1}")]
    [InlineData("members", "8e9e05c52164694d", "{\"id\":1}")]
    [InlineData("members", "8e9e05c52164694d", "{\"id\":10276657743932975437,\"peerURLs\":\"text\"}")]
    [InlineData("members", "8e9e05c52164694d", "{\"id\":10276657743932975437,\"peerURLs\":[")]
    [InlineData("members", "not hexadecimal", "{\"id\":1}")]
    [InlineData("members", "8e9e05c52164694d", "")]
    [InlineData("members_removed", "x", "removed")]
    [InlineData("lease", "12345678", "\u0008\u0001")]
    [InlineData("lease", "123", "")]
    [InlineData("alarm", "\u0008", "")]
    [InlineData("auth", "authEnabled", "true")]
    public void A_damaged_entry_is_found(string bucket, string key, string value)
    {
        BoltFileBuilder builder = History.Random(new Random(1), 20, 5).AddTo(new BoltFileBuilder());
        builder.Root.Buckets[Proto.Text(bucket)].With(Proto.Text(key), Proto.Text(value));
        SnapshotScan scan = Scan(builder);
        Assert.Equal(SnapshotFindingKind.MetadataInvalid, Assert.Single(scan.Findings).Kind);
        // Without the compacted revision, nothing is known about the hash.
        Assert.Equal(bucket == "meta", scan.Hash is null);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("meta")]
    public void A_database_of_another_program_is_recognised(string missing)
    {
        BoltFileBuilder builder = History.Random(new Random(1), 20, 5).AddTo(new BoltFileBuilder());
        builder.Root.Buckets.Remove(Proto.Text(missing));
        SnapshotScan scan = Scan(builder);
        Assert.Equal(SnapshotFindingKind.NotEtcdDatabase, Assert.Single(scan.Findings).Kind);
        Assert.Null(scan.Hash);
    }

    [Fact]
    public void The_visitor_sees_what_was_written()
    {
        var history = new History();
        history.Write(("a", [1, 2, 3]), ("b", []));
        history.Write(("a", [4]));
        history.Write(("b", null));
        var seen = new List<string>();
        SnapshotScan scan = Scan(
            history.AddTo(new BoltFileBuilder()),
            (in SnapshotRevision revision) =>
                seen.Add(
                    $"{revision.Main}.{revision.Sub} {(char)revision.Key[0]}={Convert.ToHexString(revision.Value)} "
                        + $"v{revision.Version} from {revision.CreateRevision}"
                        + (revision.IsTombstone ? " deleted" : "")
                        + (revision.IsLive ? " live" : "")
                )
        );
        Assert.Equal(
            ["4.0 b= v0 from 0 deleted", "3.0 a=04 v2 from 2 live", "2.1 b= v1 from 2", "2.0 a=010203 v1 from 2"],
            seen
        );
        Assert.Equal((1L, 4L, 1L, 2L), (scan.KeyCount, scan.RevisionCount, scan.TombstoneCount, scan.LiveBytes));
        Assert.True(scan.DeadStoredBytes > 3 * (16 + 17));
    }

    public void Dispose() => _file.Dispose();

    private SnapshotScan Scan(BoltFileBuilder builder, SnapshotRevisionVisitor? visitor = null) =>
        _file.Scan(builder.Build().WithChecksum(), new SnapshotScanOptions { Visitor = visitor });
}

using System.Globalization;
using System.Reflection;
using System.Text;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Snapshot;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>When a snapshot file matches a cluster, and which reason is given when that cannot be determined.</summary>
public sealed class SnapshotComparisonTests : IDisposable
{
    /// <summary>The only member of the file.</summary>
    private const ulong InFile = 0x8e9e05c52164694d;

    private const ulong OtherId = 0x1234;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-compare-");

    private readonly History _history = new();

    public SnapshotComparisonTests()
    {
        for (int i = 0; i < 40; i++)
            _history.Write(($"/registry/k{i % 9}", i % 7 == 6 ? null : Encoding.UTF8.GetBytes($"value {i}")));
    }

    private string FilePath => Path.Combine(_folder.FullName, "snapshot.db");

    [Fact]
    public async Task Equal_data_of_two_followers_is_proven_and_the_leader_is_not_asked()
    {
        HashingMembers cluster = Cluster(InFile, 2, 3);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal((true, 0L, _history.Revision), (report.MatchesCluster, report.AgeRevisions, report.Revision));
        Assert.Empty(report.Finding);
        Assert.Equal(["m1", "m2"], report.MemberHash.Select(h => h.MemberName));
        Assert.All(report.MemberHash, h => Assert.Equal(report.Hash, h.Hash));
        Assert.Equal(["m1", "m2"], Asked(cluster));
        Assert.Equal(("prod", "1234"), (report.ClusterName, report.ClusterId));
        Assert.Equal(["8e9e05c52164694d"], report.MemberId);
    }

    /// <summary>The only follower can be the member from which the file comes.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_leader_is_asked_last_if_fewer_than_two_followers_answer(int voters)
    {
        HashingMembers cluster = Cluster([.. Enumerable.Range(1, voters).Select(i => i == 1 ? InFile : (ulong)i)]);
        foreach (HashingMember other in cluster.Members.Skip(2))
            other.IsUp = false;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal(["m1", "m0"], Asked(cluster));
        Assert.Equal(["m1", "m0"], report.MemberHash.Select(h => h.MemberName));
    }

    [Fact]
    public async Task Damage_that_the_file_shares_with_its_member_is_a_mismatch_with_the_leader()
    {
        HashingMembers cluster = Cluster(InFile, 2);
        cluster.Members[0].Hash = _ => (1, -1);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.Equal((true, false), (report.IsValid, report.MatchesCluster));
        Assert.EndsWith("differs from that of m0.", Assert.Single(report.Finding).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_mismatch_the_leader_is_not_asked()
    {
        HashingMembers cluster = Cluster(InFile, 2);
        cluster.Members[1].Hash = _ => (1, -1);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.False(report.MatchesCluster);
        Assert.Equal(["m1"], Asked(cluster));
    }

    [Fact]
    public async Task Without_a_leader_every_voter_is_asked()
    {
        HashingMembers cluster = Cluster(InFile, 2, 3);
        cluster.Leader = 0;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal(["m0", "m1", "m2"], Asked(cluster));
    }

    [Fact]
    public async Task Later_writes_and_a_later_compaction_do_not_matter()
    {
        Save();
        HashingMembers cluster = Cluster(InFile);
        long revision = _history.Revision;
        foreach (HashingMember member in cluster.Members)
        {
            member.Revision = revision + 500;
            member.Hash = at => (_history.HashKv(at, revision - 10), revision - 10);
        }
        EtcdSnapshotReport report = await cluster.TestAsync(FilePath);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal(500, report.AgeRevisions);
        Assert.Equal((-1L, revision - 10), (report.CompactRevision, report.MemberHash[0].CompactRevision));
    }

    [Fact]
    public async Task History_that_the_members_have_removed_is_not_compared_and_not_asked_for_again()
    {
        HashingMembers cluster = Cluster(InFile);
        cluster.Members[0].Hash = _ => null;
        cluster.Members[0].Revision += 100;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.Equal((true, null, false), (report.IsValid, report.MatchesCluster, report.IsProven));
        EtcdFinding finding = Assert.Single(report.Finding);
        Assert.Equal(("SnapshotNotCompared", EtcdFindingSeverity.Information), (finding.FindingId, finding.Severity));
        Assert.Equal(
            "The data of the file was not compared: m0: the cluster has removed its history up to or after revision "
                + $"{_history.Revision}, so its hash at that revision no longer exists.",
            finding.Message
        );
        Assert.Single(cluster.HashCalls);
        Assert.Equal(100, report.AgeRevisions);
    }

    /// <summary>A member without writes after a compaction has no comparable hash by number.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task At_the_compacted_revision_the_newest_hash_is_compared(bool refuses)
    {
        _history.Compact(_history.Revision, keepsTombstone: true);
        long compacted = _history.Revision;
        HashingMembers cluster = Cluster(InFile);
        cluster.Members[0].Hash = at =>
            at == 0 ? (_history.HashKv(compacted, compacted), compacted)
            : refuses ? null
            : (7, 3);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal([$"m0 at {compacted}", "m0 at 0"], cluster.HashCalls);
    }

    [Fact]
    public async Task Another_hash_is_a_mismatch_that_names_the_members()
    {
        HashingMembers cluster = Cluster(InFile, 2, 3);
        cluster.Members[2].Hash = _ => (1, -1);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.Equal((true, false), (report.IsValid, report.MatchesCluster));
        EtcdFinding finding = Assert.Single(report.Finding);
        Assert.Equal(("SnapshotHashMismatch", EtcdFindingSeverity.Error), (finding.FindingId, finding.Severity));
        Assert.EndsWith(
            $"at revision {_history.Revision} differs from that of m2.",
            finding.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["m1", "m2"], report.MemberHash.Select(h => h.MemberName));
    }

    [Fact]
    public async Task A_foreign_cluster_with_the_same_keys_is_recognized_without_a_hash()
    {
        HashingMembers cluster = Cluster(2, 3);
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.Equal((true, false), (report.IsValid, report.MatchesCluster));
        Assert.Equal("SnapshotForeign", Assert.Single(report.Finding).FindingId);
        Assert.Empty(cluster.HashCalls);
        Assert.Null(report.AgeRevisions);
    }

    [Fact]
    public async Task A_cluster_whose_members_were_all_replaced_is_recognized_by_its_ID()
    {
        Save();
        using SnapshotFile file = SnapshotFile.Open(FilePath);
        string founded = file.Scan(cancellationToken: TestContext.Current.CancellationToken).Content.FoundingClusterId!;
        var cluster = new HashingMembers(
            ulong.Parse(founded, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            2,
            3
        );
        Prepare(cluster);
        Assert.True((await cluster.TestAsync(FilePath)).IsProven);
    }

    [Fact]
    public async Task A_file_that_is_newer_than_the_cluster_is_not_its_backup()
    {
        HashingMembers cluster = Cluster(InFile);
        cluster.Members[0].Revision = 5;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.False(report.MatchesCluster);
        Assert.Equal("SnapshotAheadOfCluster", Assert.Single(report.Finding).FindingId);
    }

    [Fact]
    public async Task A_member_that_is_behind_catches_up_first()
    {
        HashingMembers cluster = Cluster(InFile, 2);
        HashingMember behind = cluster.Members[1];
        behind.Revision--;
        behind.OnRead = () => behind.Revision = _history.Revision;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven);
        Assert.Equal(["m1", "m0"], report.MemberHash.Select(h => h.MemberName));
    }

    [Fact]
    public async Task A_member_that_does_not_answer_is_named_and_the_others_prove()
    {
        HashingMembers cluster = Cluster(InFile, 2);
        cluster.Members[1].IsUp = false;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.True(report.IsProven);
        EtcdFinding finding = Assert.Single(report.Finding);
        Assert.Equal(("SnapshotNotCompared", EtcdFindingSeverity.Information), (finding.FindingId, finding.Severity));
        Assert.Contains("m1: ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_member_nothing_is_compared_and_that_is_a_warning()
    {
        HashingMembers cluster = Cluster(InFile);
        cluster.Members[0].IsUp = false;
        EtcdSnapshotReport report = await TestAsync(cluster);
        Assert.Equal((true, null), (report.IsValid, report.MatchesCluster));
        EtcdFinding finding = Assert.Single(report.Finding);
        Assert.Equal(("SnapshotNotCompared", EtcdFindingSeverity.Warning), (finding.FindingId, finding.Severity));
    }

    [Fact]
    public async Task Damage_is_a_finding_with_the_page_and_the_keys_are_not_compared()
    {
        BoltImage image = _history.AddTo(new BoltFileBuilder()).Build();
        BoltPage leaf = image.Of(BoltPage.Leaf)[0];
        image.At(leaf)[..8].Clear();
        await File.WriteAllBytesAsync(FilePath, image.WithChecksum(), TestContext.Current.CancellationToken);
        HashingMembers cluster = Cluster(InFile);
        EtcdSnapshotReport report = await cluster.TestAsync(FilePath);
        Assert.Equal((false, null, false), (report.IsValid, report.MatchesCluster, report.IsProven));
        Assert.Equal("SnapshotPageIdMismatch", report.Finding[0].FindingId);
        Assert.Contains($"age {leaf.Id} ", report.Finding[0].Message, StringComparison.Ordinal);
        Assert.Equal("SnapshotNotCompared", report.Finding[^1].FindingId);
        Assert.Empty(cluster.HashCalls);
        Assert.Null(report.Hash);
    }

    [Fact]
    public void Every_kind_of_damage_has_an_ID()
    {
        HashSet<string> known =
        [
            .. typeof(ErrorIds)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (string)field.GetRawConstantValue()!),
        ];
        Assert.All(
            Enum.GetValues<SnapshotFindingKind>(),
            kind => Assert.Contains(ScannedSnapshot.FindingId(kind), known)
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Asked(HashingMembers cluster) => cluster.HashCalls.Select(c => c.Split(' ')[0]);

    private HashingMembers Cluster(params ulong[] members)
    {
        var cluster = new HashingMembers(OtherId, members);
        Prepare(cluster);
        return cluster;
    }

    private void Prepare(HashingMembers cluster)
    {
        foreach (HashingMember member in cluster.Members)
        {
            member.Revision = _history.Revision;
            member.Hash = at => (_history.HashKv(at == 0 ? _history.Revision : at, -1), -1);
        }
    }

    private Task<EtcdSnapshotReport> TestAsync(HashingMembers cluster)
    {
        Save();
        return cluster.TestAsync(FilePath);
    }

    private void Save() => File.WriteAllBytes(FilePath, _history.AddTo(new BoltFileBuilder()).Build().WithChecksum());
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Snapshots;

/// <summary>Snapshots of real clusters, compared with their members and with other clusters.</summary>
[Trait("Kind", "Real")]
public sealed class SnapshotProofTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("etcdmaint-proof-").FullName;

    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_snapshot_is_proven_and_stays_so_until_its_history_is_removed(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        await real.Etcd.Loader.LoadAsync(500_000, 200_000, cancellation: Cancellation);
        EtcdSnapshot saved = await SaveAsync(real);
        Assert.True(saved.IsProven, saved.Unproven?.Message);

        for (int i = 0; i < 5; i++)
            await real.Etcd.KeyValues.PutAsync($"later/{i}", "value", cancellation: Cancellation);
        EtcdSnapshotReport report = await TestAsync(real, saved.Path);
        Assert.True(report.IsProven, report.ToString());
        string leader = (await real.Etcd.LeaderAsync(Cancellation)).Name;
        Assert.Equal(
            real.Etcd.Members.Select(member => member.Name).Where(name => name != leader).Order(),
            report.MemberHash.Select(hash => hash.MemberName).Order()
        );
        Assert.True(report.AgeRevisions >= 5);
        Assert.Equal(saved.Sha256, report.Sha256);

        // A compaction below the revision of the file changes the hash, which the file still has.
        await real.CompactAsync(report.Revision!.Value - 3);
        report = await TestAsync(real, saved.Path);
        Assert.True(report.IsProven, report.ToString());
        Assert.Equal(report.Revision - 3, report.MemberHash[0].CompactRevision);

        await real.CompactAsync();
        report = await TestAsync(real, saved.Path);
        Assert.Equal((true, null), (report.IsValid, report.MatchesCluster));
        Assert.Equal("SnapshotNotCompared", Assert.Single(report.Finding).FindingId);

        // After the compaction to the newest revision, no hash at that revision is comparable by number.
        string direct = Path.Combine(_folder, "direct.db");
        (
            await real.Etcd.EtcdctlAsync(
                ["snapshot", "save", direct, $"--endpoints={real.Etcd.Members[0].ClientUrl}"],
                Cancellation
            )
        ).OutputOrThrow();
        report = await TestAsync(real, direct);
        Assert.Equal(report.Revision, report.CompactRevision);
        Assert.True(report.IsProven, report.ToString());
    }

    [Fact]
    public async Task Another_cluster_with_the_same_keys_and_a_changed_byte_are_recognized()
    {
        await using RealCluster one = await RealCluster.StartAsync(new ClusterOptions());
        await using RealCluster other = await RealCluster.StartAsync(new ClusterOptions());
        foreach (RealCluster real in new[] { one, other })
            await real.Etcd.KeyValues.PutAsync("same", "value-to-change", cancellation: Cancellation);
        EtcdSnapshot saved = await SaveAsync(one);

        EtcdSnapshotReport foreign = await TestAsync(other, saved.Path);
        Assert.Equal((true, false), (foreign.IsValid, foreign.MatchesCluster));
        Assert.Equal("SnapshotForeign", Assert.Single(foreign.Finding).FindingId);

        // A copy without a checksum, in which one byte of a value differs, has no visible damage.
        byte[] bytes = await File.ReadAllBytesAsync(saved.Path, Cancellation);
        for (int at; (at = bytes.AsSpan().IndexOf("value-to-change"u8)) >= 0; )
            bytes[at] ^= 1;
        string changed = Path.Combine(_folder, "changed.db");
        await File.WriteAllBytesAsync(changed, bytes, Cancellation);
        EtcdSnapshotReport damaged = await TestAsync(one, changed);
        Assert.Equal((false, false), (damaged.IsValid, damaged.MatchesCluster));
        Assert.Equal(["SnapshotChecksumMismatch", "SnapshotHashMismatch"], damaged.Finding.Select(f => f.FindingId));

        await File.WriteAllBytesAsync(changed, bytes[..^32], Cancellation);
        EtcdSnapshotReport copy = await TestAsync(one, changed);
        Assert.Equal((true, false), (copy.IsValid, copy.MatchesCluster));
        Assert.Equal("SnapshotHashMismatch", Assert.Single(copy.Finding).FindingId);
    }

    /// <summary>The file is replaced after it was saved, so the proof fails.</summary>
    [Fact]
    public async Task A_snapshot_that_is_not_proven_ends_the_run_before_anything_is_changed()
    {
        await using RealCluster real = await RunbookScenario.StartAsync(members: 1);
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        var recorder = new RunRecorder { OnProgress = Damage };
        RunRecorder run = await real.MaintainAsync(RunbookScenario.Request with { SnapshotPath = _folder }, recorder);
        output.WriteLine(run.Report().Describe());
        Assert.Equal("SnapshotUnproven", Assert.Single(run.Errors).ErrorId);
        Assert.Equal(["Health:Succeeded", "Snapshot:Failed", "Verification:Failed"], run.Report().Steps());
        Assert.False(run.Report().Snapshot!.IsProven);
        Assert.Empty(run.Report().Compaction);
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
        Assert.Single(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Changes the file between the save and the proof.</summary>
    private void Damage(RunProgress progress)
    {
        if (!progress.IsOver || !progress.Activity.StartsWith("Saving a snapshot", StringComparison.Ordinal))
            return;
        foreach (string file in Directory.GetFiles(_folder, "*.db"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
    }

    private async Task<EtcdSnapshot> SaveAsync(RealCluster real)
    {
        var request = new SnapshotRequest
        {
            Path = _folder,
            Prove = true,
            CallTimeout = RealCluster.Timeout,
        };
        return (await real.Cluster.SaveSnapshotAsync(request, new RunRecorder(), Cancellation))!;
    }

    private async Task<EtcdSnapshotReport> TestAsync(RealCluster real, string path)
    {
        var request = new SnapshotTestRequest { Path = path, CallTimeout = RealCluster.Timeout };
        EtcdSnapshotReport report = await real.Cluster.TestSnapshotAsync(request, new RunRecorder(), Cancellation);
        output.WriteLine(
            $"{real.Etcd.Binaries.Version} {report} {report.Revision} {report.CompactRevision} {report.Hash}; "
                + $"{report.Finding}; {report.MemberHash}"
        );
        return report;
    }
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>Compactions that are complete on every member when they are reported.</summary>
[Trait("Kind", "Real")]
public sealed class CompactionTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A manual compaction followed at once by a defragmentation leaves the first member at its old size, because its
    /// compaction is still running. Here every file shrinks to the bytes in use.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Every_member_returns_the_space_of_its_history(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        await WriteDeadHistoryAsync(real);
        RunRecorder compaction = await real.CompactAsync();
        RunRecorder defrag = await real.DefragmentAsync();
        await AssertNothingDeadIsLeftAsync(real, compaction.Story + defrag.Story);
    }

    /// <summary>API servers compact without waiting for the members, as does etcdctl without --physical.</summary>
    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_recent_compaction_by_another_client_is_waited_for(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        await WriteDeadHistoryAsync(real);
        long newest = await real.Etcd.KeyValues.RevisionAsync(Cancellation);
        (await real.Etcd.EtcdctlAsync("compact", $"{newest}")).OutputOrThrow();
        RunRecorder defrag = await real.DefragmentAsync();
        await AssertNothingDeadIsLeftAsync(real, defrag.Story);
    }

    [Fact]
    public async Task An_already_compacted_revision_is_success_and_a_future_one_is_refused()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        for (int i = 0; i < 20; i++)
            await real.Etcd.KeyValues.PutAsync("key", $"{i}", cancellation: Cancellation);
        long newest = await real.Etcd.KeyValues.RevisionAsync(Cancellation);

        RunRecorder kept = await real.CompactAsync(keep: 5);
        Assert.All(
            kept.Rows<EtcdCompactionResult>(),
            r => Assert.Equal((EtcdCompactionStatus.Compacted, newest - 5), (r.Status, r.Revision))
        );
        RunRecorder again = await real.CompactAsync(revision: newest - 5);
        Assert.All(
            again.Rows<EtcdCompactionResult>(),
            r => Assert.Equal(EtcdCompactionStatus.AlreadyCompacted, r.Status)
        );
        Assert.Contains("asked: Compact", kept.Story, StringComparison.Ordinal);
        Assert.DoesNotContain("asked: Compact", again.Story, StringComparison.Ordinal);
        RunRecorder all = await real.CompactAsync(keep: 1_000_000);
        Assert.All(all.Rows<EtcdCompactionResult>(), r => Assert.Equal(EtcdCompactionStatus.Skipped, r.Status));
        RunRecorder future = await real.CompactAsync(revision: newest + 1000);
        Assert.Equal("RevisionInFuture", Assert.Single(future.Errors).ErrorId);
        Assert.All(future.Rows<EtcdCompactionResult>(), r => Assert.Equal(EtcdCompactionStatus.NotAttempted, r.Status));
    }

    /// <summary>The number of revisions makes a compaction long enough to still run, not their size.</summary>
    private static Task WriteDeadHistoryAsync(RealCluster real) =>
        real.Etcd.Loader.LoadAsync(
            liveBytes: 3_000_000,
            deadBytes: 18_000_000,
            valueBytes: 300,
            cancellation: Cancellation
        );

    private async Task AssertNothingDeadIsLeftAsync(RealCluster real, string story)
    {
        output.WriteLine(story);
        foreach (EtcdMemberStatus status in await real.StatusAsync())
        {
            output.WriteLine($"{status}: {status.DbSize} {status.DbSizeInUse}");
            Assert.True(status.DbSize < 7_500_000, story);
            Assert.True(status.FragmentationRatio < 0.1, story);
        }
    }
}

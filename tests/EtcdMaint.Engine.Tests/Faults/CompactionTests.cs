using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Faults;

/// <summary>A compaction is still at work on one member when the run begins: no copy is to carry dead data along.</summary>
public sealed class CompactionTests
{
    public static TheoryData<string> Release => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Release))]
    public Task The_run_waits_for_it(string release) => FaultScenario.HoldAsync(release, async drill =>
    {
        ClusterMember slow = (await drill.FollowersAsync())[0];
        await drill.Etcd.Loader.LoadAsync(200_000, 4_000_000, 200, "many/", cancellation: Cancellation);
        await drill.SlowAsync(slow, 8);
        long revision = await drill.Etcd.KeyValues.RevisionAsync(Cancellation);
        (await drill.Etcd.EtcdctlAsync("compact", $"{revision}")).OutputOrThrow();
        RunRecorder run = await drill.RunAsync();

        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
        EtcdDefragResult row = FaultScenario.RowOf(run, slow);
        EtcdDefragResult other = run.Rows<EtcdDefragResult>().First(r => r != row);
        Assert.True(
            row.BytesAfter < other.BytesAfter * 1.2,
            $"{slow.Name} kept {ByteText.Of(row.BytesAfter!.Value)}, another only {ByteText.Of(other.BytesAfter!.Value)}.");
        await drill.ProveAsync(run);
    });
}

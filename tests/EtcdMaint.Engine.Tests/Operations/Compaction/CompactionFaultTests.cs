using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Compaction;

/// <summary>
/// A compaction is still running on one member when the run starts: no defragmentation may copy history that is about
/// to be removed.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class CompactionFaultTests
{
    public static TheoryData<string> Release => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Release))]
    public Task The_run_waits_for_the_compaction(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                ClusterMember slow = (await scenario.FollowersAsync())[0];
                await scenario.Etcd.Loader.LoadAsync(200_000, 4_000_000, 200, "many/", cancellation: Cancellation);
                await scenario.SlowAsync(slow, 8);
                long revision = await scenario.Etcd.KeyValues.RevisionAsync(Cancellation);
                (await scenario.Etcd.EtcdctlAsync("compact", $"{revision}")).OutputOrThrow();
                RunRecorder run = await scenario.RunAsync();

                Assert.Empty(run.Errors);
                Assert.Empty(run.Warnings);
                EtcdDefragResult row = FaultScenario.RowOf(run, slow);
                EtcdDefragResult other = run.Rows<EtcdDefragResult>().First(r => r != row);
                Assert.True(
                    row.BytesAfter < other.BytesAfter * 1.2,
                    $"{slow.Name} kept {ByteText.Of(row.BytesAfter!.Value)}, another only "
                        + $"{ByteText.Of(other.BytesAfter!.Value)}."
                );
                await scenario.ProveAsync(run);
            }
        );
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// An API server that stalls while a member defragments, because the member is its own etcd. Every exec waits in the
/// API server, which says nothing about the members.
/// </summary>
[Trait("Kind", "Real")]
public sealed class StalledApiServerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_stalled_API_server_changes_neither_the_stalls_nor_the_next_prediction()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                MetricsApart = true,
            }
        );
        await plane.Etcd.Loader.LoadAsync(
            20_000_000,
            0,
            valueBytes: 100_000,
            cancellation: TestContext.Current.CancellationToken
        );
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        plane.Api.Faults.StallAt("defrag", Stall);

        RunRecorder run = await connection.DefragmentAsync();

        output.WriteLine(run.Story);
        Assert.Empty(run.Errors);
        Assert.DoesNotContain(run.Warnings, w => w.StartsWith("DefragOverlap", StringComparison.Ordinal));
        IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
        output.WriteLine(
            string.Join(
                Environment.NewLine,
                rows.Select(r => $"{r}: predicted {r.PredictedDuration}, took {r.Duration}, stall {r.WorstStall}")
            )
        );
        Assert.Equal(3, rows.Count(r => r.Status is EtcdDefragStatus.Defragmented));
        Assert.True(rows[0].Duration >= Stall, $"It took only {rows[0].Duration}.");
        Assert.True(rows[0].WorstStall < Stall / 2, $"{rows[0].WorstStall} is shown as a stall of the other members.");
        Assert.True(rows[1].PredictedDuration < Stall / 2, $"{rows[1].PredictedDuration} is predicted for the next.");
    }
}

using System.Diagnostics;
using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// The path to a member breaks during its defragmentation: its outcome is determined, and nothing is sent twice.
/// </summary>
[Trait("Kind", "Real")]
public sealed class LostStreamTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_restart_of_the_API_server_during_a_defragmentation_does_not_cause_a_second_one(
        EtcdPodAccess access
    )
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            cluster => EtcdPods.KubeUp(cluster)
        );
        await plane.Etcd.Loader.LoadAsync(
            liveBytes: 100_000_000,
            deadBytes: 60_000_000,
            valueBytes: 1_000,
            cancellation: Cancellation
        );
        await using PodConnection connection = await plane.ConnectAsync(access);
        await connection.CompactAsync();

        RunRecorder run = await DefragmentAsync(plane, connection, plane.Api.RestartAsync);
        output.WriteLine(run.Story);

        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(plane.Etcd);
        Assert.Empty(EtcdLogs.Overlaps(logged));
        Assert.Equal(logged.Count, logged.Select(l => l.Member).Distinct().Count());
        Assert.All(
            run.Rows<EtcdDefragResult>(),
            r =>
                Assert.True(
                    r.Status
                        is EtcdDefragStatus.Defragmented
                            or EtcdDefragStatus.Skipped
                            or EtcdDefragStatus.NotAttempted
                            or EtcdDefragStatus.TimedOut,
                    run.Story
                )
        );
    }

    [Theory]
    [InlineData(
        "failed to execute portforward in network namespace \"host\": read tcp4 "
            + "127.0.0.1:41000->127.0.0.1:2379: read: connection reset by peer"
    )]
    [InlineData("container 0f is not running")]
    public async Task A_defragmentation_whose_port_forward_breaks_is_unknown_until_its_end_is_observed(string said)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual }
        );
        await plane.Etcd.Loader.LoadAsync(
            liveBytes: 100_000_000,
            deadBytes: 60_000_000,
            valueBytes: 1_000,
            cancellation: Cancellation
        );
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        await connection.CompactAsync();
        RunRecorder run = await DefragmentAsync(
            plane,
            connection,
            () =>
            {
                plane.Api.Faults.BreakForwards(said);
                return Task.CompletedTask;
            }
        );
        output.WriteLine(run.Story);

        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(plane.Etcd);
        Assert.Equal(["m1", "m2", "m3"], logged.Select(l => l.Member).Order());
        Assert.All(logged, l => Assert.Equal(DefragmentationEnd.Finished, l.End));
        Assert.Empty(EtcdLogs.Overlaps(logged));
        IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.Equal("the connection broke during the defragmentation", rows[0].Reason);
    }

    /// <summary>Breaks the path as soon as the first member is seen to defragment.</summary>
    private static async Task<RunRecorder> DefragmentAsync(
        ControlPlane plane,
        PodConnection connection,
        Func<Task> breakAsync
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        ClusterMember[] members = [.. plane.Etcd.Members];
        bool isCut = false;
        Task cutter = Task.Run(
            async () =>
            {
                while (!isCut)
                {
                    isCut = members.Any(m =>
                        Directory.EnumerateFiles(Path.GetDirectoryName(m.DatabaseFile)!, "db.tmp.*").Any()
                    );
                    if (!isCut)
                        await Task.Delay(5, over.Token);
                }
                await breakAsync();
            },
            over.Token
        );
        RunRecorder run = await connection.DefragmentAsync();
        await over.CancelAsync();
        await cutter.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        Assert.True(isCut, "No running defragmentation was seen.");
        return run;
    }
}

using System.Diagnostics;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Kubernetes;

/// <summary>The way to a member breaks while it defragments: what became of it is found out, and nothing is sent twice.</summary>
public sealed class LostStreamTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task An_api_server_that_restarts_during_a_defragmentation_costs_no_second_one(EtcdPodAccess access)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Members = 3, Tls = Tls.Mutual }, cluster => EtcdPods.KubeUp(cluster));
        await plane.Etcd.Loader.LoadAsync(liveBytes: 100_000_000, deadBytes: 60_000_000, valueBytes: 1_000, cancellation: Cancellation);
        await using PodConnection connection = await plane.ConnectAsync(access);
        await connection.CompactAsync();

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        ClusterMember[] members = [.. plane.Etcd.Members];
        bool isCut = false;
        Task cutter = Task.Run(async () =>
        {
            while (!isCut)
            {
                isCut = members.Any(m => Directory.EnumerateFiles(Path.GetDirectoryName(m.DatabaseFile)!, "db.tmp.*").Any());
                if (!isCut)
                    await Task.Delay(5, over.Token);
            }
            await plane.Api.RestartAsync();
        }, over.Token);
        RunRecorder run = await connection.DefragmentAsync();
        await over.CancelAsync();
        await cutter.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        output.WriteLine(run.Story);
        Assert.True(isCut, "No defragmentation was seen at work.");

        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(plane.Etcd);
        Assert.Empty(EtcdLogs.Overlaps(logged));
        Assert.Equal(logged.Count, logged.Select(l => l.Member).Distinct().Count());
        Assert.All(
            run.Rows<EtcdDefragResult>(),
            r => Assert.True(r.Status is EtcdDefragStatus.Defragmented or EtcdDefragStatus.Skipped or EtcdDefragStatus.NotAttempted or EtcdDefragStatus.TimedOut, run.Story));
    }
}

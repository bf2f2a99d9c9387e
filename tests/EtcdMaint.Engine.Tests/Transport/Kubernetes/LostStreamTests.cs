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
        await using ControlPlane plane = await StartAsync(cluster => EtcdPods.KubeUp(cluster));
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
        await using ControlPlane plane = await StartAsync();
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

    private static async Task<ControlPlane> StartAsync(Func<TestEtcdCluster, IReadOnlyList<FakePod>>? pods = null)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        ControlPlane plane = await ControlPlane.StartAsync(pods: pods);
        await plane.Etcd.Loader.LoadAsync(
            liveBytes: 2_000_000,
            deadBytes: 6_000_000,
            valueBytes: 2_000,
            cancellation: Cancellation
        );
        return plane;
    }

    /// <summary>Breaks the path as soon as the first member is seen to defragment, which takes it about 3 s.</summary>
    private static async Task<RunRecorder> DefragmentAsync(
        ControlPlane plane,
        PodConnection connection,
        Func<Task> breakAsync
    )
    {
        var disks = new Dictionary<ClusterMember, SlowDisk>();
        try
        {
            foreach (ClusterMember member in plane.Etcd.Members)
                disks[member] = await SlowDisk.AttachAsync(member, TimeSpan.FromMilliseconds(5), Cancellation);
            Task<RunRecorder> run = connection.DefragmentAsync();
            ClusterMember? first = null;
            await Poll.UntilAsync(
                () => (first = plane.Etcd.Members.FirstOrDefault(IsDefragmenting)) is not null || run.IsCompleted,
                TimeSpan.FromSeconds(60),
                "the first member defragments",
                Cancellation
            );
            Assert.True(first is not null, "No running defragmentation was seen.");
            await breakAsync();

            // The statement is about the first member. The others do not have to be slow.
            foreach (ClusterMember other in plane.Etcd.Members.Where(m => m != first))
            {
                disks.Remove(other, out SlowDisk? disk);
                await disk!.DisposeAsync();
            }
            return await run;
        }
        finally
        {
            foreach (SlowDisk disk in disks.Values)
                await disk.DisposeAsync();
        }
    }

    private static bool IsDefragmenting(ClusterMember member) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(member.DatabaseFile)!, "db.tmp.*").Any();
}

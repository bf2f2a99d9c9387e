using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// Another client defragments a member of a cluster that is reached by exec. If the pod's metrics can be read, the run
/// waits for the end of that defragmentation; otherwise it only sees a member that does not answer.
/// </summary>
[Trait("Kind", "Real")]
public sealed class ForeignDefragInPodTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.4", false)]
    [InlineData("3.5.30", false)]
    [InlineData("3.5.30", true)]
    public async Task A_defragmentation_seen_in_the_metrics_is_waited_for(string release, bool isWriteBlocked)
    {
        await using ControlPlane plane = await StartAsync(release);
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.MembersAsync();
        await HoldAsync(
            plane,
            isWriteBlocked,
            async (foreign, speedUp) =>
            {
                var recorder = new RunRecorder
                {
                    OnWarned = line => _ = line.Contains("did not start", StringComparison.Ordinal) ? speedUp() : null,
                };
                RunRecorder run = await connection.DefragmentAsync(recorder);
                output.WriteLine(run.Story);
                (await foreign).OutputOrThrow();
                Assert.Contains("A defragmentation that this run did not start is running on m2", run.Story);
                Assert.Empty(run.Errors);
                Assert.All(
                    run.Rows<EtcdDefragResult>(),
                    r => Assert.True(r.Status is EtcdDefragStatus.Defragmented or EtcdDefragStatus.Skipped)
                );
            }
        );
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(plane.Etcd)));
    }

    [Fact]
    public async Task Without_permission_to_forward_ports_the_run_waits_for_a_member_that_does_not_answer()
    {
        await using ControlPlane plane = await StartAsync("3.5.30");
        PodMetricsTests.DenyPortForward(plane);
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.MembersAsync();
        await HoldAsync(
            plane,
            isWriteBlocked: true,
            async (foreign, speedUp) =>
            {
                var warned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Task<RunRecorder> running = connection.DefragmentAsync(
                    new RunRecorder { OnWarned = _ => warned.TrySetResult() }
                );
                await warned.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
                Assert.False(foreign.IsCompleted);
                await speedUp();
                (await foreign).OutputOrThrow();
                RunRecorder run = await running;
                output.WriteLine(run.Story);
                Assert.Single(run.Warnings, w => w.StartsWith("MemberSilent: "));
                Assert.Empty(run.Errors);
            }
        );
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(plane.Etcd)));
    }

    private static async Task<ControlPlane> StartAsync(string release)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                MetricsApart = true,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await plane.Etcd.Loader.LoadAsync(20_000_000, 0, valueBytes: 100_000, cancellation: Cancellation);
        await plane.Etcd.Members[1].CommittedAsync(Cancellation);
        return plane;
    }

    /// <summary>Runs the test during a defragmentation of m2 that continues until the disk is fast again.</summary>
    private static async Task HoldAsync(
        ControlPlane plane,
        bool isWriteBlocked,
        Func<Task<CommandResult>, Func<Task>, Task> test
    )
    {
        SlowDisk slow = await SlowDisk.AttachAsync(plane.Etcd.Members[1], TimeSpan.FromMilliseconds(500), Cancellation);
        var fast = new Lazy<Task>(() => slow.DisposeAsync().AsTask());
        try
        {
            Task<CommandResult> foreign = plane.Etcd.EtcdctlAsync(
                ["defrag", "--endpoints", plane.Etcd.Members[1].ClientUrl, "--command-timeout", "120s"],
                Cancellation
            );
            await Poll.UntilAsync(
                () => EtcdLogs.Defragmentations(plane.Etcd).Count == 1,
                TimeSpan.FromSeconds(20),
                "it began",
                Cancellation
            );
            if (isWriteBlocked)
                await plane.Etcd.KeyValues.PutAsync("held", "up", plane.Etcd.Members[0], Cancellation);
            await test(foreign, () => fast.Value);
        }
        finally
        {
            await fast.Value;
        }
    }
}

using EtcdMaint.Engine.Tests.Connecting.Kubernetes;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>
/// A proxy breaks an exec while etcdctl is defragmenting. The members' own logs show how often the request was sent;
/// the rows must report the same, and never more than is certain.
/// </summary>
[Trait("Kind", "Real")]
public sealed class BrokenExecTests(SharedEtcd shared, ITestOutputHelper output) : IClassFixture<SharedEtcd>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecBreak.SuccessWithoutOutput, true)]
    [InlineData(ExecBreak.StreamError, true)]
    [InlineData(ExecBreak.BadGateway, true)]
    [InlineData(ExecBreak.CutBeforeAnswer, true)]
    [InlineData(ExecBreak.CutBeforeAnswer, false)]
    [InlineData(ExecBreak.NoAnswer, true)]
    public async Task A_defragmentation_over_a_broken_exec_is_sent_once_and_its_outcome_determined(
        ExecBreak how,
        bool speaksHttp2
    )
    {
        await using ControlPlane plane = await StartAsync(speaksHttp2);
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.CompactAsync();
        DateTimeOffset started = DateTimeOffset.UtcNow;
        plane.Api.Faults.BreakExec("defrag", how);
        RunRecorder run = await connection.DefragmentAsync(
            limit: how is ExecBreak.NoAnswer ? TimeSpan.FromSeconds(4) : null
        );
        output.WriteLine(run.Story);

        IReadOnlyList<Defragmentation> logged = LoggedSince(started, plane);
        Assert.Equal(["m1", "m2", "m3"], logged.Select(l => l.Member).Order());
        Assert.All(logged, l => Assert.Equal(DefragmentationEnd.Finished, l.End));
        Assert.Empty(EtcdLogs.Overlaps(logged));
        Assert.Equal(3, plane.Api.Requests.Count(r => r.Contains("command=defrag", StringComparison.Ordinal)));
        IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.All(
            rows,
            r =>
                Assert.Equal(
                    how is ExecBreak.NoAnswer
                        ? "it took longer than the time limit"
                        : "the connection broke during the defragmentation",
                    r.Reason
                )
        );
    }

    [Fact]
    public async Task A_success_without_an_execution_is_unknown_and_ends_the_run()
    {
        // A cluster of its own, since the run ends without knowing the state of a member.
        await using ControlPlane plane = await ControlPlane.StartAsync();
        await WriteHistoryAsync(plane);
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.CompactAsync();
        plane.Api.Faults.BreakExec("defrag", ExecBreak.SuccessWithoutRun);
        RunRecorder run = await connection.DefragmentAsync();
        output.WriteLine(run.Story);

        Assert.Empty(EtcdLogs.Defragmentations(plane.Etcd));
        Assert.Single(plane.Api.Requests, r => r.Contains("command=defrag", StringComparison.Ordinal));
        Assert.Equal(
            [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
            run.Rows<EtcdDefragResult>().Select(r => r.Status)
        );
    }

    [Fact]
    public async Task A_read_whose_reply_did_not_arrive_is_a_lost_connection()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            shared,
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual }
        );
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        plane.Api.Faults.BreakExec("list", ExecBreak.SuccessWithoutOutput);
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => connection.MembersAsync());
        output.WriteLine(error.Message);
        Assert.Equal("ConnectionLost", error.ErrorId);
    }

    private async Task<ControlPlane> StartAsync(bool speaksHttp2)
    {
        ControlPlane plane = await ControlPlane.StartAsync(
            shared,
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual }
        );
        await WriteHistoryAsync(plane);
        plane.Api.SpeaksHttp2 = speaksHttp2;
        if (!speaksHttp2)
            await plane.Api.RestartAsync();
        return plane;
    }

    /// <summary>Each test needs new history, which a defragmentation can return after a compaction.</summary>
    private static async Task WriteHistoryAsync(ControlPlane plane) =>
        await plane.Etcd.Loader.LoadAsync(
            liveBytes: 2_000_000,
            deadBytes: 10_000_000,
            valueBytes: 100_000,
            cancellation: Cancellation
        );

    /// <summary>The defragmentations of this test, from the members' logs.</summary>
    private static IReadOnlyList<Defragmentation> LoggedSince(DateTimeOffset started, ControlPlane plane) =>
        [.. EtcdLogs.Defragmentations(plane.Etcd).Where(d => d.Started >= started)];
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Containers;

/// <summary>
/// The runbook over a real sshd in a real podman container, with certificates read from the etcd that runs in it.
/// </summary>
[Trait("Kind", "Real")]
public sealed class PodmanTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EtcdContainerRuntime.Auto)]
    [InlineData(EtcdContainerRuntime.Podman)]
    public async Task A_member_in_a_container_is_found_compacted_and_defragmented(EtcdContainerRuntime runtime)
    {
        (PodmanEtcd? etcd, Availability podman) = await PodmanEtcd.StartAsync(Cancellation);
        Assert.SkipUnless(podman.IsAvailable, podman.Reason);
        await using PodmanEtcd container = etcd!;
        await using SshNodes nodes = await SshNodes.OrSkipAsync(
            1,
            new SshServerOptions { Path = Environment.GetEnvironmentVariable("PATH") }
        );
        var request = new SshConnectRequest
        {
            SshHost = [SshNodes.Name(0)],
            SshConfigPath = nodes.ConfigFile,
            ClientUrl = [container.ClientUrl],
            ContainerRuntime = runtime,
            Container = container.Name,
            ClusterName = "test",
            CallTimeout = RealCluster.Timeout,
        };
        for (int i = 0; i < 20; i++)
            await container.EtcdctlAsync(Cancellation, "put", "key", new string('x', 100_000));

        EtcdConnection connection = await RealCluster.ConnectAsync(request);
        await using IEtcdCluster cluster = connection.Cluster;
        EtcdMemberStatus status = await StatusAsync(cluster);
        Assert.True(status is { IsReachable: true, IsLeader: true, DbSize: > 1_000_000 });
        MemberTarget[] target =
        [
            .. (await cluster.GetMembersAsync(RealCluster.Timeout, new RunRecorder(), Cancellation)).Select(
                m => new MemberTarget(m)
            ),
        ];
        var recorder = new RunRecorder();
        await cluster.CompactAsync(
            new CompactionRequest { Targets = target, CallTimeout = RealCluster.Timeout },
            recorder,
            Cancellation
        );
        await cluster.DefragmentAsync(
            new DefragRequest { Targets = target, CallTimeout = RealCluster.Timeout },
            recorder,
            Cancellation
        );
        output.WriteLine(recorder.Story);
        Assert.Equal(EtcdCompactionStatus.Compacted, Assert.Single(recorder.Rows<EtcdCompactionResult>()).Status);
        Assert.True(
            Assert.Single(recorder.Rows<EtcdDefragResult>())
                is { Status: EtcdDefragStatus.Defragmented, BytesReclaimed: > 500_000 }
        );

        Assert.Equal("EtcdctlNotFound", await ErrorAsync(request with { EtcdctlPath = "/nowhere/etcdctl" }));
        Assert.Equal(
            "EtcdContainerNotFound",
            await ErrorAsync(request with { ContainerRuntime = EtcdContainerRuntime.Podman, Container = "another" })
        );

        await container.StopAsync(Cancellation);
        Assert.Equal(
            "EtcdContainerNotFound",
            (await Assert.ThrowsAnyAsync<EtcdException>(() => StatusAsync(cluster))).ErrorId
        );
    }

    private static async Task<EtcdMemberStatus> StatusAsync(IEtcdCluster cluster)
    {
        var recorder = new RunRecorder();
        await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
        return recorder.Rows<EtcdMemberStatus>().Single();
    }

    private async Task<string> ErrorAsync(ConnectRequest request)
    {
        EtcdException error = await Assert.ThrowsAnyAsync<EtcdException>(() => RealCluster.ConnectAsync(request));
        output.WriteLine($"{error.ErrorId}: {error.Message}");
        return error.ErrorId;
    }
}

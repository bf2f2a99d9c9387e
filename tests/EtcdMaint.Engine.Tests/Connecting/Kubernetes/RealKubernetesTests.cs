using EtcdMaint.Engine.Tests.Fixtures;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// The same against a real control plane, if <c>ETCDMAINT_TEST_KUBECONFIG</c> names one. The test reads, compacts
/// nothing, and defragments every member once. Features that the image of etcd does not support, such as those missing
/// in a distroless image, are skipped.
/// </summary>
[Trait("Kind", "Real")]
public sealed class RealKubernetesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task Reaches_a_real_control_plane_with_only_its_kubeconfig(EtcdPodAccess access)
    {
        string? config = Environment.GetEnvironmentVariable("ETCDMAINT_TEST_KUBECONFIG");
        Assert.SkipWhen(
            string.IsNullOrEmpty(config),
            "ETCDMAINT_TEST_KUBECONFIG names no kubeconfig of a real cluster."
        );
        await using PodConnection connection = await OpenOrSkipAsync(
            new KubernetesConnectRequest
            {
                KubeConfig = config,
                PodName = Environment.GetEnvironmentVariable("ETCDMAINT_TEST_PODNAME") is { Length: > 0 } name
                    ? [name]
                    : [],
                Container = Environment.GetEnvironmentVariable("ETCDMAINT_TEST_CONTAINER") is { Length: > 0 } container
                    ? container
                    : null,
                Access = access,
                ReadCertificateFromPod = access is EtcdPodAccess.PortForward,
                CallTimeout = PodConnection.Timeout,
            }
        );
        output.WriteLine(connection.Opening.Story);
        RunRecorder status = await connection.StatusAsync();
        foreach (EtcdException error in status.Errors)
            ImageLack.SkipAfter(error);
        Assert.Empty(status.Errors);
        Assert.All(status.Rows<EtcdMemberStatus>(), s => Assert.NotNull(s.PodName));
        RunRecorder defrag = await connection.DefragmentAsync();
        output.WriteLine(defrag.Story);
        foreach (EtcdException error in defrag.Errors)
            ImageLack.SkipAfter(error);
        Assert.All(
            defrag.Rows<EtcdDefragResult>(),
            r => Assert.True(r.Status is EtcdDefragStatus.Defragmented or EtcdDefragStatus.Skipped, defrag.Story)
        );
    }

    private static async Task<PodConnection> OpenOrSkipAsync(KubernetesConnectRequest request)
    {
        try
        {
            return await PodConnection.OpenAsync(request);
        }
        catch (EtcdException error)
        {
            ImageLack.SkipAfter(error);
            throw;
        }
    }
}

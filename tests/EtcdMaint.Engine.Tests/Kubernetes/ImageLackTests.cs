using EtcdMaint.Engine.Tests.Real;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Kubernetes;

/// <summary>The tests against a real control plane tell a poor image from a fault.</summary>
public sealed class ImageLackTests
{
    [Fact]
    public async Task A_distroless_image_is_a_reason_to_skip_and_a_fault_is_none()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = Tls.Mutual });
        EtcdException unread = await plane.RefusedAsync(EtcdPodAccess.Auto, r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true });
        Assert.Contains("neither cat nor a shell", ImageLack.Find(unread));

        FakePod pod = plane.Api.Pods[0];
        pod.Programs["cat"] = "/bin/cat";
        pod.Files.Remove(pod.Files.Keys.Single(f => f.EndsWith(".key", StringComparison.Ordinal)));
        EtcdException missing = await plane.RefusedAsync(EtcdPodAccess.Auto, r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true });
        Assert.Equal("RemoteCertificateUnreadable", missing.ErrorId);
        Assert.Null(ImageLack.Find(missing));

        EtcdException shell = await plane.RefusedAsync(
            EtcdPodAccess.Exec, r => r with { UserName = ClusterUsers.Root.Name, Password = RealCluster.Secret("x") });
        Assert.Contains("no shell", ImageLack.Find(shell));
        pod.Programs.Remove("etcdctl");
        Assert.Contains("no etcdctl", ImageLack.Find(await plane.RefusedAsync(EtcdPodAccess.Exec)));
    }
}

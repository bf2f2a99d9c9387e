using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>The tests against a real control plane distinguish a minimal image from a defect.</summary>
[Trait("Kind", "Real")]
public sealed class ImageLackTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_distroless_image_skips_the_test_and_a_defect_does_not()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        EtcdException unread = await plane.RefusedAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        Assert.Contains("neither cat nor a shell", ImageLack.Find(unread));

        FakePod pod = plane.Api.Pods[0];
        pod.Programs["cat"] = "/bin/cat";
        pod.Files.Remove(pod.Files.Keys.Single(f => f.EndsWith(".key", StringComparison.Ordinal)));
        EtcdException missing = await plane.RefusedAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        Assert.Equal("RemoteCertificateUnreadable", missing.ErrorId);
        Assert.Null(ImageLack.Find(missing));

        pod.Programs.Remove("etcdctl");
        EtcdException program = await plane.RefusedAsync(EtcdPodAccess.Exec);
        output.WriteLine($"{program.ErrorId}: {program.Message}");
        Assert.Contains("no etcdctl", ImageLack.Find(program));
        Assert.Contains(
            "no shell",
            ImageLack.Find(MemberCallException.Create(CallFailure.ShellMissing, new MemberAddress("pod")))
        );
    }
}

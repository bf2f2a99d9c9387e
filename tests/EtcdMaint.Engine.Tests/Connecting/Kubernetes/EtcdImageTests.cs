using EtcdMaint.Engine.Connecting.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>The release of etcd in the tag of an image, which is only a hint.</summary>
public sealed class EtcdImageTests
{
    [Theory]
    [InlineData("registry.k8s.io/etcd:3.5.16-0", "3.5.16")]
    [InlineData("quay.io/coreos/etcd:v3.6.1", "3.6.1")]
    [InlineData("localhost:5000/rancher/hardened-etcd:v3.5.13-k3s1-build20240531", "3.5.13")]
    [InlineData("etcd:3.5", "3.5")]
    [InlineData("registry.k8s.io/etcd:3.5.16-0@sha256:1234", "3.5.16")]
    [InlineData("registry.k8s.io/etcd@sha256:1234", null)]
    [InlineData("localhost:5000/etcd", null)]
    [InlineData("registry.k8s.io/etcd:latest", null)]
    [InlineData("registry.k8s.io/etcdadm/etcd-manager:v3.0.20230925", null)]
    [InlineData("etcd:v", null)]
    [InlineData("etcd:99999999999.1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Finds_the_release_in_the_tag(string? image, string? release) =>
        Assert.Equal(release, EtcdImage.FindRelease(image)?.ToString());
}

using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>Each way to install etcd is found and reached with only a kubeconfig.</summary>
[Trait("Kind", "Real")]
public sealed class LayoutTests(ITestOutputHelper output)
{
    public static TheoryData<string, EtcdPodAccess> Layouts
    {
        get
        {
            var rows = new TheoryData<string, EtcdPodAccess>();
            foreach (string layout in new[] { "kubeadm", "kube-up", "kOps", "RKE2", "OpenShift", "StatefulSet" })
            {
                rows.Add(layout, EtcdPodAccess.Exec);
                rows.Add(layout, EtcdPodAccess.PortForward);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Finds_each_layout_and_matches_every_member_to_its_pod(string layout, EtcdPodAccess access)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Members = layout == "RKE2" ? 1 : 3, Tls = TlsMode.Mutual },
            cluster =>
                layout switch
                {
                    "kubeadm" => EtcdPods.Kubeadm(cluster),
                    "kube-up" => EtcdPods.KubeUp(cluster, tellsCertificates: false),
                    "kOps" => EtcdPods.Kops(cluster),
                    "RKE2" => EtcdPods.Rke2(cluster),
                    "OpenShift" => EtcdPods.OpenShift(cluster),
                    _ => EtcdPods.StatefulSet(cluster),
                }
        );

        // The port of RKE2 is in a file that the spec does not show.
        int? port = layout == "RKE2" ? new Uri(plane.Etcd.ClientUrls[0]).Port : null;
        await using PodConnection connection = await plane.ConnectAsync(access, r => r with { ClientPort = port });
        output.WriteLine(connection.Opening.Story);

        RunRecorder status = await connection.StatusAsync();
        Assert.Empty(status.Errors);
        IReadOnlyList<EtcdMemberStatus> rows = status.Rows<EtcdMemberStatus>();
        Assert.Equal(plane.Etcd.Members.Select(m => m.Id).Order(), rows.Select(r => r.MemberId).Order());
        foreach (EtcdMemberStatus row in rows)
        {
            FakePod pod = plane.Api.Pods.Single(p => p.Name == row.PodName);
            ClusterMember member = plane.Etcd.Members.Single(m => m.Id == row.MemberId);
            Assert.Contains(new Uri(member.ClientUrl).Port, pod.Ports.Values);
            Assert.Equal(pod.Node, row.NodeName);
        }
    }

    [Fact]
    public async Task Both_clusters_of_kube_up_are_found_and_each_can_be_selected()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.KubeUp(cluster)
        );
        await using TestEtcdCluster events = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        plane.Api.Pods.AddRange(EtcdPods.KubeUp(events, "-events"));

        await using PodConnection main = await plane.ConnectAsync(EtcdPodAccess.Exec);
        Assert.Equal(plane.Etcd.Members[0].Id, Assert.Single(await main.MembersAsync()).MemberId);

        await using PodConnection other = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { PodName = ["etcd-server-events-*"] }
        );
        Assert.Equal(events.Members[0].Id, Assert.Single(await other.MembersAsync()).MemberId);

        EtcdException both = await plane.RefusedAsync(EtcdPodAccess.Exec, r => r with { PodName = ["etcd-server-*"] });
        output.WriteLine(both.Message);
        Assert.Equal("SeveralEtcdClusters", both.ErrorId);
    }

    [Theory]
    [InlineData("events", "/rootfs/etc/kubernetes/pki/kube-apiserver/etcd-client.crt")]
    [InlineData("cilium", "/rootfs/etc/kubernetes/pki/cilium/etcd-client-cilium.crt")]
    public async Task Each_kOps_cluster_can_be_selected_by_its_label_and_main_is_the_default(
        string name,
        string certificate
    )
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.Kops(cluster)
        );
        await using TestEtcdCluster chosen = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        plane.Api.Pods.InsertRange(0, EtcdPods.Kops(chosen, name));
        Assert.Contains(certificate, plane.Api.Pods[0].Files.Keys);

        await using PodConnection main = await plane.ConnectAsync(EtcdPodAccess.Exec);
        Assert.Equal(plane.Etcd.Members[0].Id, Assert.Single(await main.MembersAsync()).MemberId);
        await using PodConnection other = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { LabelSelector = $"k8s-app=etcd-manager-{name}" }
        );
        Assert.Equal(chosen.Members[0].Id, Assert.Single(await other.MembersAsync()).MemberId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("data")]
    public async Task Two_sets_in_one_namespace_require_a_choice_and_have_different_names(string? inNamespace)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.StatefulSet(cluster)
        );
        await using TestEtcdCluster other = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        foreach (FakePod pod in EtcdPods.StatefulSet(other, "log"))
        {
            pod.Manifest["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["app"] = "etcd" };
            plane.Api.Pods.Add(pod);
        }

        EtcdException both = await plane.RefusedAsync(EtcdPodAccess.Exec, r => r with { Namespace = inNamespace });
        output.WriteLine(both.Message);
        Assert.Equal("SeveralEtcdClusters", both.ErrorId);
        Assert.Contains("data/kv-etcd-0", both.Message);
        Assert.Contains("data/log-etcd-0", both.Message);

        var names = new List<string>();
        foreach (string set in (string[])["kv", "log"])
        {
            await using PodConnection chosen = await plane.ConnectAsync(
                EtcdPodAccess.Exec,
                r => r with { Namespace = "data", PodName = [$"{set}-*"], NoVerify = false, ClusterName = null }
            );
            names.Add(chosen.Connection.ClusterName);
        }
        Assert.EndsWith("/data/kv-etcd", names[0]);
        Assert.EndsWith("/data/log-etcd", names[1]);
    }

    [Fact]
    public async Task When_there_are_no_pods_the_error_names_the_control_planes_without_etcd_pods()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions(), _ => []);
        EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec);
        output.WriteLine(error.Message);
        Assert.Equal("NoEtcdPods", error.ErrorId);
        Assert.Contains("k3s", error.Message);
        Assert.Contains("Talos", error.Message);
    }

    [Fact]
    public async Task Names_a_container_that_does_not_exist()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions());
        EtcdException error = await plane.RefusedAsync(
            EtcdPodAccess.Exec,
            r => r with { Namespace = "kube-system", Container = "etcd-container" }
        );
        Assert.Equal("ContainerNotFound", error.ErrorId);
    }

    [Fact]
    public async Task A_pod_with_a_waiting_container_is_reported_and_its_member_shows_the_reason()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        FakePod down = plane.Api.Pods[2];
        down.Manifest["status"]!["phase"] = "Pending";
        down.Manifest["status"]!["containerStatuses"]![0]!["ready"] = false;
        down.Manifest["status"]!["containerStatuses"]![0]!["restartCount"] = 7;
        down.Manifest["status"]!["containerStatuses"]![0]!["state"] = System.Text.Json.Nodes.JsonNode.Parse(
            """{"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}}"""
        );

        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        Assert.Contains(connection.Opening.Warnings, w => w.Contains("CrashLoopBackOff") && w.Contains(down.Name));
        RunRecorder status = await connection.StatusAsync();
        output.WriteLine(status.Story);
        Assert.Equal(3, status.Rows<EtcdMemberStatus>().Count);
        Assert.Contains(down.Name, Assert.Single(status.Errors).Message);
    }
}

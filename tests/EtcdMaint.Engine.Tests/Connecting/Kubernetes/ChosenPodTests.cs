using System.Text.Json.Nodes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// A named pod or container is tried with any image and command; otherwise an error names the missing parameter.
/// </summary>
[Trait("Kind", "Real")]
public sealed class ChosenPodTests(ITestOutputHelper output)
{
    private const string Wrapper = "registry.example/db/kv-store:7";

    [Theory]
    [InlineData("nothing")]
    [InlineData("namespace")]
    [InlineData("namespace and pod")]
    [InlineData("pod")]
    [InlineData("label")]
    [InlineData("container")]
    public async Task Selects_a_container_named_etcd_regardless_of_its_image(string given)
    {
        await using ControlPlane plane = await StartAsync(cluster => HiddenPods.Wrapper(cluster, "etcd", Wrapper));
        await ReachAsync(plane, given, container: "etcd");
    }

    [Theory]
    [InlineData("namespace and pod")]
    [InlineData("pod")]
    [InlineData("label")]
    public async Task Selects_the_only_container_of_a_chosen_pod_regardless_of_its_name(string given)
    {
        await using ControlPlane plane = await StartAsync(cluster => HiddenPods.Wrapper(cluster, "store", Wrapper));
        await ReachAsync(plane, given);
    }

    [Theory]
    [InlineData("namespace")]
    [InlineData("namespace and pod")]
    [InlineData("label")]
    [InlineData("container")]
    public async Task Selects_the_named_container_among_several(string given)
    {
        await using ControlPlane plane = await StartAsync(WithSidecar);
        await ReachAsync(plane, given, container: "store");
    }

    [Theory]
    [InlineData("a port")]
    [InlineData("a name")]
    public async Task Selects_one_of_several_containers_by_its_port_or_name(string trait)
    {
        await using ControlPlane plane = await StartAsync(cluster =>
            [
                .. WithSidecar(cluster)
                    .Select(pod =>
                    {
                        JsonNode container = pod.Manifest["spec"]!["containers"]![1]!;
                        if (trait == "a port")
                            container["ports"] = new JsonArray(
                                new JsonObject { ["containerPort"] = pod.Ports.Keys.Single() }
                            );
                        else
                            (container["name"], pod.Manifest["status"]!["containerStatuses"]![1]!["name"]) = (
                                "my-etcd-server",
                                "my-etcd-server"
                            );
                        return pod;
                    }),
            ]
        );
        await ReachAsync(plane, "pod");
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("namespace and pod")]
    [InlineData("label")]
    public async Task Asks_for_the_container_when_several_are_indistinguishable(string given)
    {
        await using ControlPlane plane = await StartAsync(WithSidecar);
        EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec, r => Give(r, given, null));
        output.WriteLine($"{error.Message} {error.RecommendedAction}");
        Assert.Equal("NoContainerChosen", error.ErrorId);
        Assert.Contains("proxy, store", error.Message);
        Assert.Contains("data/kv-0", error.Message);
        Assert.Contains("-Container", error.RecommendedAction);
    }

    [Theory]
    [InlineData("nothing", "-Namespace, -PodName or -LabelSelector")]
    [InlineData("namespace", "-PodName or -LabelSelector")]
    public async Task When_no_pod_is_known_to_run_etcd_the_error_names_the_parameters_that_select_one(
        string given,
        string missing
    )
    {
        await using ControlPlane plane = await StartAsync(WithSidecar);
        plane.Api.Pods[0].Manifest["metadata"]!["labels"] = new JsonObject();
        EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec, r => Give(r, given, null));
        Assert.Equal("NoEtcdPods", error.ErrorId);
        Assert.Contains(missing, error.RecommendedAction);
    }

    [Theory]
    [InlineData("kube-system", "NoEtcdPods")]
    [InlineData("", "KubernetesForbidden")]
    public async Task A_user_without_permission_for_all_namespaces_is_told_to_specify_the_namespace(
        string allowed,
        string errorId
    )
    {
        await using ControlPlane plane = await StartAsync(cluster => HiddenPods.Wrapper(cluster));
        plane.Api.Users[0] = plane.Api.Users[0] with
        {
            May = a => a.Resource != "pods" || a.Namespace == allowed || a.Namespace == "data",
        };
        foreach (string given in new[] { "nothing", "pod" })
        {
            EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec, r => Give(r, given, null));
            output.WriteLine($"{error.Message} {error.RecommendedAction}");
            Assert.Equal(errorId, error.ErrorId);
            Assert.Contains("list pods", error.Message);
            Assert.Contains("-Namespace", error.RecommendedAction);
        }
        await ReachAsync(plane, "namespace and pod");
    }

    [Fact]
    public async Task Names_the_chosen_pods_that_have_ended()
    {
        await using ControlPlane plane = await StartAsync(cluster => HiddenPods.Wrapper(cluster));
        plane.Api.Pods[0].Manifest["status"]!["phase"] = "Failed";
        EtcdException error = await plane.RefusedAsync(EtcdPodAccess.Exec, r => Give(r, "pod", null));
        Assert.Equal("PodNotRunning", error.ErrorId);
        Assert.Contains("data/kv-0 (Failed)", error.Message);
    }

    private static Task<ControlPlane> StartAsync(Func<TestEtcdCluster, IReadOnlyList<FakePod>> pods) =>
        ControlPlane.StartAsync(new ClusterOptions(), pods);

    /// <summary>Two containers, neither of which shows that it runs etcd.</summary>
    private static IReadOnlyList<FakePod> WithSidecar(TestEtcdCluster cluster) =>
        [
            .. HiddenPods
                .Wrapper(cluster, "store", Wrapper)
                .Select(pod =>
                {
                    pod.Manifest["spec"]!["containers"]!
                        .AsArray()
                        .Insert(0, new JsonObject { ["name"] = "proxy", ["image"] = "registry.example/proxy:1" });
                    JsonArray statuses = pod.Manifest["status"]!["containerStatuses"]!.AsArray();
                    JsonNode proxy = statuses[0]!.DeepClone();
                    proxy["name"] = "proxy";
                    statuses.Insert(0, proxy);
                    return pod;
                }),
        ];

    private static KubernetesConnectRequest Give(KubernetesConnectRequest request, string given, string? container) =>
        request with
        {
            Namespace = given.Contains("namespace", StringComparison.Ordinal) ? "data" : null,
            PodName = given.Contains("pod", StringComparison.Ordinal) ? ["kv-*"] : [],
            LabelSelector = given == "label" ? "app=etcd" : null,
            Container = container,
        };

    private static async Task ReachAsync(ControlPlane plane, string given, string? container = null)
    {
        int port = new Uri(plane.Etcd.ClientUrls[0]).Port;
        bool isNamed = container != "etcd" || given == "container";
        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => Give(r, given, isNamed ? container : null) with { ClientPort = port }
        );
        Assert.Equal(plane.Etcd.Members[0].Id, Assert.Single(await connection.MembersAsync()).MemberId);
    }
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// Metrics in addition to etcdctl in a pod: which pods and permissions allow them, and what they cost.
/// </summary>
[Trait("Kind", "Real")]
public sealed class PodMetricsTests
{
    private static readonly ClusterOptions Kubeadm = new() { Tls = TlsMode.Mutual, MetricsApart = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(ControlPlane.Timeout, Cancellation);

    [Fact]
    public async Task The_metrics_URL_of_kubeadm_is_read_over_one_port_forward()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(Kubeadm with { QuotaBytes = 64_000_000 });
        await WithClientAsync(
            plane,
            async client =>
            {
                for (int i = 0; i < 3; i++)
                {
                    MemberMetrics? metrics = await client.ReadMetricsAsync(Limit);
                    Assert.Equal(plane.Etcd.Members[0].Id, HexId.Format(metrics!.MemberId!.Value));
                    Assert.Equal((false, 64_000_000L), (metrics.IsDefragmenting, metrics.QuotaBytes));
                }
            }
        );
        Assert.Equal((1, 0), (plane.Api.Count(ApiKind.PortForward), plane.Api.Count(ApiKind.Exec)));
        await Poll.UntilAsync(
            () => plane.Api.OpenStreams == 0,
            TimeSpan.FromSeconds(10),
            "the port-forward is closed with the client",
            Cancellation
        );
    }

    [Fact]
    public async Task Without_permission_to_forward_ports_there_are_no_metrics_and_the_API_server_is_asked_once()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(Kubeadm);
        DenyPortForward(plane);
        await WithClientAsync(
            plane,
            async client =>
            {
                for (int i = 0; i < 3; i++)
                    Assert.Null(await client.ReadMetricsAsync(Limit));
            }
        );

        // The image has no curl; this is also tried only once.
        Assert.Equal((1, 1), (plane.Api.Count(ApiKind.PortForward), plane.Api.Count(ApiKind.Exec)));
    }

    [Fact]
    public async Task Opens_no_port_forward_to_a_pod_without_a_plain_metrics_URL()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.KubeUp(cluster)
        );
        await WithClientAsync(plane, async client => Assert.Null(await client.ReadMetricsAsync(Limit)));
        Assert.Equal(0, plane.Api.Count(ApiKind.PortForward));
    }

    [Fact]
    public async Task Reads_the_client_URL_if_it_has_no_TLS()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions(),
            cluster => EtcdPods.StatefulSet(cluster)
        );
        await WithClientAsync(plane, async client => Assert.NotNull(await client.ReadMetricsAsync(Limit)));
        Assert.Equal(1, plane.Api.Count(ApiKind.PortForward));
    }

    [Fact]
    public async Task The_probe_shows_the_port_when_the_settings_are_in_a_file_and_the_metrics_show_the_quota()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            Kubeadm with
            {
                QuotaBytes = 64_000_000,
            },
            EtcdPods.Rke2
        );
        int port = new Uri(plane.Etcd.ClientUrls[0]).Port;
        await WithClientAsync(
            plane,
            async client => Assert.NotNull(await client.ReadMetricsAsync(Limit)),
            r => r with { ClientPort = port }
        );

        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { ClientPort = port }
        );
        EtcdMemberStatus row = Assert.Single((await connection.StatusAsync()).Rows<EtcdMemberStatus>());
        Assert.Equal(64_000_000, row.QuotaBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Curl_in_the_container_reads_them_with_the_certificates_of_etcdctl(bool hasCurl)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            EtcdPods.OpenShift
        );
        if (hasCurl)
            plane.Api.Pods[0].Programs["curl"] = "/usr/bin/curl";
        await WithClientAsync(
            plane,
            async client =>
            {
                for (int i = 0; i < 2; i++)
                    Assert.Equal(hasCurl, await client.ReadMetricsAsync(Limit) is { IsDefragmenting: false });
            }
        );
        Assert.Equal((0, hasCurl ? 2 : 1), (plane.Api.Count(ApiKind.PortForward), plane.Api.Count(ApiKind.Exec)));
    }

    [Fact]
    public async Task A_page_of_another_member_is_not_used()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(Kubeadm with { Members = 3 });
        plane.Api.Pods[0].Ports[2381] = plane.Api.Pods[1].Ports[2381];
        await WithClientAsync(
            plane,
            async client =>
            {
                ulong own = Convert.ToUInt64(plane.Etcd.Members[0].Id, 16);
                ulong other = Convert.ToUInt64(plane.Etcd.Members[1].Id, 16);
                Assert.Equal(other, (await client.ReadMetricsAsync(Limit))!.MemberId);
                Assert.Null(
                    await new ResolvedMember(new MemberEntry(own, "m1", [], [], false), client, null).ReadMetricsAsync(
                        Limit
                    )
                );
                Assert.NotNull(
                    await new ResolvedMember(
                        new MemberEntry(other, "m2", [], [], false),
                        client,
                        null
                    ).ReadMetricsAsync(Limit)
                );
            }
        );
    }

    [Fact]
    public async Task Metrics_are_read_again_after_the_API_server_was_unavailable()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(Kubeadm);
        await WithClientAsync(
            plane,
            async client =>
            {
                Assert.NotNull(await client.ReadMetricsAsync(Limit));
                await plane.Api.StopAsync();
                Assert.Null(await client.ReadMetricsAsync(Limit));
                await plane.Api.RestartAsync();
                await Poll.UntilAsync(
                    async _ => await client.ReadMetricsAsync(Limit) is not null,
                    TimeSpan.FromSeconds(30),
                    "the metrics are read again",
                    Cancellation
                );
            }
        );
    }

    /// <summary>A status that the spec completes needs no metrics, which would only make it slower.</summary>
    [Theory]
    [InlineData("3.5.16")]
    [InlineData("3.5.30")]
    public async Task The_status_of_kubeadm_pods_reads_no_metrics(string release)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            Kubeadm with
            {
                Members = 3,
                QuotaBytes = 64_000_000,
                Binaries = await Releases.OrSkipAsync(release),
            }
        );
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        Assert.All(
            (await connection.StatusAsync()).Rows<EtcdMemberStatus>(),
            row => Assert.Equal(64_000_000, row.QuotaBytes)
        );
        Assert.Equal(0, plane.Api.Count(ApiKind.PortForward));
    }

    internal static void DenyPortForward(ControlPlane plane) =>
        plane.Api.Users[0] = plane.Api.Users[0] with { May = a => a.Resource != "pods/portforward" };

    /// <summary>Runs the test with the client of the first pod.</summary>
    private static async Task WithClientAsync(
        ControlPlane plane,
        Func<IMemberClient, Task> use,
        Func<KubernetesConnectRequest, KubernetesConnectRequest>? with = null
    )
    {
        KubernetesConnectRequest request = plane.Request(EtcdPodAccess.Exec);
        request = with?.Invoke(request) ?? request;
        using var api = new ApiServer(KubeConfigLoader.Load(request, _ => { }));
        EtcdPod pod = (await new PodDiscovery(api, request, null).FindAsync(Limit, _ => { }))[0];
        using var clients = new ExecPodClients(api, skipCertificateCheck: false, login: null);
        await using IMemberClient client = clients.Create(pod, clients.HostsOf(pod)[0]);
        await use(client);
    }
}

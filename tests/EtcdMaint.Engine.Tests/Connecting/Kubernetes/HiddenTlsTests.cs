using System.Text.Json.Nodes;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>
/// Pods whose spec does not show whether etcd uses TLS are reached with the given settings, or as their etcd answers.
/// </summary>
[Trait("Kind", "Real")]
public sealed class HiddenTlsTests(SharedEtcd shared, ITestOutputHelper output) : IClassFixture<SharedEtcd>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("config file")]
    [InlineData("launcher")]
    public async Task Given_certificates_imply_TLS_over_a_forwarded_port(string shape)
    {
        await using ControlPlane plane = await StartAsync(shape, TlsMode.Mutual);
        await ReachAsync(plane, EtcdPodAccess.PortForward);
    }

    [Theory]
    [InlineData("the CA alone")]
    [InlineData("no check of the server")]
    public async Task Any_given_TLS_setting_implies_TLS(string given)
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.ServerOnly);
        await ReachAsync(
            plane,
            EtcdPodAccess.PortForward,
            r =>
                r with
                {
                    Tls =
                        given == "the CA alone"
                            ? new TlsRequest { CACertificate = r.Tls.CACertificate }
                            : new TlsRequest { SkipCertificateCheck = true },
                }
        );
    }

    [Theory]
    [InlineData(TlsMode.Mutual)]
    [InlineData(TlsMode.ServerOnly)]
    public async Task Paths_in_the_container_imply_TLS_with_exec(TlsMode tls)
    {
        await using ControlPlane plane = await StartAsync("config file", tls);
        await ReachAsync(
            plane,
            EtcdPodAccess.Exec,
            r =>
                r with
                {
                    RemoteCACertificatePath = HiddenPods.CaPath,
                    RemoteClientCertificatePath = tls is TlsMode.Mutual ? HiddenPods.CertificatePath : null,
                    RemoteClientKeyPath = tls is TlsMode.Mutual ? HiddenPods.KeyPath : null,
                }
        );
    }

    [Theory]
    [InlineData("variables of etcdctl")]
    [InlineData("a probe")]
    public async Task Paths_for_etcdctl_in_the_spec_imply_TLS_with_exec(string where)
    {
        await using ControlPlane plane = await StartAsync("config file", TlsMode.Mutual);
        FakePod pod = plane.Api.Pods[0];
        JsonNode container = pod.Manifest["spec"]!["containers"]![0]!;
        if (where == "a probe")
            container["livenessProbe"] = JsonNode.Parse(
                $$"""
                {"exec":{"command":["etcdctl","--cacert={{HiddenPods.CaPath}}","--cert={{HiddenPods.CertificatePath}}","--key={{HiddenPods.KeyPath}}","endpoint","health"]} }
                """
            );
        else
            foreach (
                (string name, string path) in new[]
                {
                    ("ETCDCTL_CACERT", HiddenPods.CaPath),
                    ("ETCDCTL_CERT", HiddenPods.CertificatePath),
                    ("ETCDCTL_KEY", HiddenPods.KeyPath),
                }
            )
            {
                container["env"] ??= new JsonArray();
                container["env"]!.AsArray().Add(new JsonObject { ["name"] = name, ["value"] = path });
                pod.Environment[name] = path;
            }
        await ReachAsync(plane, EtcdPodAccess.Exec);
    }

    [Fact]
    public async Task Without_settings_etcd_is_tried_again_over_TLS_and_the_error_names_the_missing_parameter()
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.Mutual);
        KubernetesConnectRequest Plain(KubernetesConnectRequest request) =>
            HiddenTlsTests.Plain(request) with
            {
                ClientPort = new Uri(plane.Etcd.ClientUrls[0]).Port,
            };
        EtcdException forwarded = await plane.RefusedAsync(EtcdPodAccess.PortForward, Plain);
        output.WriteLine(forwarded.Message);
        Assert.Equal("ServerCertificateUntrusted", forwarded.ErrorId);
        Assert.Contains("-CACertificate", forwarded.RecommendedAction);

        EtcdException run = await plane.RefusedAsync(EtcdPodAccess.Exec, Plain);
        output.WriteLine(run.Message);
        Assert.Equal("RemoteCertificatePathUnknown", run.ErrorId);
        Assert.Contains("-RemoteCACertificatePath", run.RecommendedAction);

        EtcdException read = await plane.RefusedAsync(
            EtcdPodAccess.Auto,
            r =>
                Plain(r) with
                {
                    ReadCertificateFromPod = true,
                    Tls = new TlsRequest { CACertificate = r.Tls.CACertificate },
                }
        );
        Assert.Equal("RemoteCertificatePathUnknown", read.ErrorId);
    }

    [Fact]
    public async Task Reads_certificates_from_a_pod_at_the_given_paths()
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.Mutual);
        plane.Api.Pods[0].Programs["cat"] = "/bin/cat";
        await ReachAsync(
            plane,
            EtcdPodAccess.Auto,
            r =>
                Plain(r) with
                {
                    ReadCertificateFromPod = true,
                    RemoteCACertificatePath = HiddenPods.CaPath,
                    RemoteClientCertificatePath = HiddenPods.CertificatePath,
                    RemoteClientKeyPath = HiddenPods.KeyPath,
                }
        );
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task Reaches_an_etcd_without_TLS(EtcdPodAccess access)
    {
        await using ControlPlane plane = await StartAsync("config file", TlsMode.None);
        await ReachAsync(plane, access, Plain);
    }

    /// <summary>A wrapper may set other URLs than those in the spec.</summary>
    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_refusal_that_mentions_TLS_takes_precedence_over_the_spec(EtcdPodAccess access)
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.Mutual);
        MisleadAboutUrls(plane);
        RunRecorder opening = await ReachAsync(
            plane,
            access,
            r =>
                r with
                {
                    RemoteCACertificatePath = HiddenPods.CaPath,
                    RemoteClientCertificatePath = HiddenPods.CertificatePath,
                    RemoteClientKeyPath = HiddenPods.KeyPath,
                }
        );
        Assert.Contains("requires TLS", opening.Story);
    }

    /// <summary>The login would be rejected without TLS: its success shows that it was sent over TLS only.</summary>
    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_password_is_not_sent_until_it_is_known_that_etcd_has_no_TLS(EtcdPodAccess access)
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.ServerOnly, auth: true);
        plane.Api.Pods[0].Programs["sh"] = "/bin/sh";
        MisleadAboutUrls(plane);
        await ReachAsync(
            plane,
            access,
            r =>
                r with
                {
                    Tls =
                        access is EtcdPodAccess.PortForward
                            ? new TlsRequest { CACertificate = r.Tls.CACertificate }
                            : r.Tls,
                    RemoteCACertificatePath = HiddenPods.CaPath,
                    UserName = ClusterUsers.Root.Name,
                    Password = RealCluster.Secret(ClusterUsers.Root.Password),
                }
        );
    }

    [Fact]
    public async Task A_pod_that_was_starting_is_tried_over_TLS_once_it_answers()
    {
        await using ControlPlane plane = await StartAsync("launcher", TlsMode.ServerOnly);
        MisleadAboutUrls(plane);
        FakePod pod = plane.Api.Pods[0];
        int port = pod.Ports.Keys.Single();
        pod.Ports.Clear();
        KubernetesConnectRequest request = plane.Request(EtcdPodAccess.PortForward);
        var api = new ApiServer(KubeConfigLoader.Load(request, _ => { }));
        var time = new LaterTime();
        var clients = new ForwardedPodClients(
            api,
            TlsLoader.Load(new TlsRequest { CACertificate = request.Tls.CACertificate }),
            null
        );
        await using var access = new KubernetesMemberSource(api, new PodDiscovery(api, request, null), clients, time);
        var limit = new CallBudget(ControlPlane.Timeout, Cancellation);
        IMemberClient refused = Assert.Single(await access.GetClientsAsync(limit));
        await Assert.ThrowsAsync<MemberCallException>(() => refused.GetStatusAsync(limit));

        pod.Ports[port] = port;
        time.Later = TimeSpan.FromMinutes(1);
        Assert.NotEqual(
            0UL,
            (await Assert.Single(await access.GetClientsAsync(limit)).GetStatusAsync(limit)).Header.MemberId
        );
    }

    [Theory]
    [InlineData("https://10.0.0.1:2379,http://127.0.0.1:2378", false, 2378)]
    [InlineData("http://10.0.0.1:2378,https://0.0.0.0:2379", true, 2379)]
    [InlineData("https://10.0.0.1:2379", true, 2379)]
    public void The_loopback_URL_is_used_when_etcd_listens_on_several(string urls, bool isTls, int port)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "a", Namespace = "x" },
            Spec = new V1PodSpec
            {
                Containers = [new V1Container { Name = "etcd", Command = ["etcd", $"--listen-client-urls={urls}"] }],
            },
        };
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!;
        Assert.Equal((isTls, port), (read.IsTls, read.ClientPort));
    }

    private static KubernetesConnectRequest Plain(KubernetesConnectRequest request) =>
        request with
        {
            Tls = new TlsRequest(),
        };

    private Task<ControlPlane> StartAsync(string shape, TlsMode tls, bool auth = false) =>
        ControlPlane.StartAsync(
            shared,
            new ClusterOptions { Tls = tls, Auth = auth },
            shape == "launcher" ? HiddenPods.Launcher : HiddenPods.ConfigFile
        );

    private static void MisleadAboutUrls(ControlPlane plane)
    {
        string url = plane.Etcd.ClientUrls[0].Replace("https", "http", StringComparison.Ordinal);
        plane.Api.Pods[0].Manifest["spec"]!["containers"]![0]!["env"] = JsonNode.Parse(
            $$"""[{"name":"ETCD_LISTEN_CLIENT_URLS","value":"{{url}}"}]"""
        );
    }

    /// <summary>The members, the status and the metrics of the only member.</summary>
    private async Task<RunRecorder> ReachAsync(
        ControlPlane plane,
        EtcdPodAccess access,
        Func<KubernetesConnectRequest, KubernetesConnectRequest>? with = null
    )
    {
        int port = new Uri(plane.Etcd.ClientUrls[0]).Port;
        await using PodConnection connection = await plane.ConnectAsync(
            access,
            r => (with?.Invoke(r) ?? r) with { ClientPort = port }
        );
        output.WriteLine(connection.Opening.Story);
        RunRecorder status = await connection.StatusAsync();
        Assert.Empty(status.Errors);
        EtcdMemberStatus row = Assert.Single(status.Rows<EtcdMemberStatus>());
        Assert.Equal(plane.Etcd.Members[0].Id, row.MemberId);
        if (connection.Connection.Access is EtcdAccess.KubernetesPortForward)
            Assert.NotNull(row.QuotaBytes);
        return connection.Opening;
    }

    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Later.TotalSeconds * TimestampFrequency);
    }
}

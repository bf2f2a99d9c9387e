using System.Diagnostics;
using System.Text.Json.Nodes;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>How the etcd in a pod is reached: which access, which certificates, which host name.</summary>
[Trait("Kind", "Real")]
public sealed class PodAccessTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Auto_selects_exec_without_client_certificates_and_port_forward_with_them_and_reports_why()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        await using PodConnection without = await plane.ConnectAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest() }
        );
        Assert.Equal(EtcdAccess.KubernetesExec, without.Connection.Access);
        Assert.Contains("no client certificates were specified", without.Opening.Story);
        Assert.Contains("layout kubeadm", without.Opening.Story);

        await using PodConnection with = await plane.ConnectAsync(EtcdPodAccess.Auto);
        Assert.Equal(EtcdAccess.KubernetesPortForward, with.Connection.Access);
        Assert.Contains("client certificates were specified", with.Opening.Story);
    }

    [Theory]
    [InlineData("3.5.16-0")]
    [InlineData("3.6.5-0")]
    [InlineData("latest")]
    public async Task A_connection_asks_each_pod_once_for_the_member_list(string tag)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        foreach (FakePod pod in plane.Api.Pods)
            pod.Manifest["spec"]!["containers"]![0]!["image"] = $"registry.k8s.io/etcd:{tag}";
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        string[] lists = [.. plane.Api.Requests.Where(r => r.Contains("command=list", StringComparison.Ordinal))];
        Assert.Equal(3, lists.Count(r => !r.Contains("consistency", StringComparison.Ordinal)));
        string? known = connection.Connection.ClusterId;
        Assert.NotNull(known);
        Assert.All(await connection.MembersAsync(), m => Assert.Equal(known, m.ClusterId));
    }

    [Fact]
    public async Task The_first_status_of_all_pods_asks_for_one_list()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        int before = plane.Api.Count(ApiKind.Exec);
        RunRecorder run = await connection.StatusAsync();
        Assert.Equal(4, plane.Api.Count(ApiKind.Exec) - before);
        Assert.Empty(run.Errors);
        Assert.Equal(3, run.Rows<EtcdMemberStatus>().Count(row => row is { IsReachable: true, DbSize: > 0 }));
    }

    [Fact]
    public async Task The_status_of_all_pods_takes_one_exec_per_pod_and_one_more()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec);
        await connection.StatusAsync();
        int before = plane.Api.Count(ApiKind.Exec);
        RunRecorder run = await connection.StatusAsync();
        Assert.Equal(4, plane.Api.Count(ApiKind.Exec) - before);
        Assert.Empty(run.Errors);
        Assert.All(
            run.Rows<EtcdMemberStatus>(),
            row => Assert.True(row is { IsReachable: true, DbSize: > 0 }, row.MemberName)
        );
        Assert.Equal(3, run.Rows<EtcdMemberStatus>().Count);
    }

    [Fact]
    public async Task A_key_is_read_from_the_pod_only_on_request_and_this_is_reported()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.StatefulSet(cluster)
        );
        EtcdException refused = await plane.RefusedAsync(
            EtcdPodAccess.PortForward,
            r => r with { Tls = r.Tls with { ClientCertificate = null, ClientKey = null } }
        );
        Assert.Equal("ClientCertificateRequired", refused.ErrorId);
        Assert.Equal(0, plane.Api.Count(ApiKind.Exec));

        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        Assert.Equal(EtcdAccess.KubernetesPortForward, connection.Connection.Access);
        Assert.Single(await connection.MembersAsync());
        Assert.Contains("private key", connection.Opening.Story);
        Assert.Equal(2, connection.Opening.Story.Split("layout pods labelled app.kubernetes.io/name=etcd").Length);
        const string Certs = "/opt/bitnami/etcd/certs/client";
        Assert.Contains(
            $"reading {Certs}/cert.pem, {Certs}/key.pem, {Certs}/ca.crt in pod data/kv-etcd-0; the paths are from the "
                + "pod spec.",
            connection.Opening.Story
        );

        await using PodConnection chosen = await plane.ConnectAsync(
            EtcdPodAccess.Auto,
            r =>
                r with
                {
                    Tls = new TlsRequest(),
                    ReadCertificateFromPod = true,
                    Namespace = "data",
                    RemoteClientCertificatePath = $"{Certs}/cert.pem",
                    RemoteClientKeyPath = $"{Certs}/key.pem",
                }
        );
        Assert.Contains("the paths are from parameters and the pod spec.", chosen.Opening.Story);
        Assert.Equal(2, chosen.Opening.Story.Split("pods from the parameters").Length);
    }

    [Fact]
    public async Task Reports_the_layout_and_its_paths_when_the_spec_names_none()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.KubeUp(cluster, tellsCertificates: false)
        );
        plane.Api.Pods[0].Programs["cat"] = "/bin/cat";
        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        output.WriteLine(connection.Opening.Story);
        Assert.Contains("layout kube-up, pods kube-system/etcd-server-", connection.Opening.Story);
        const string Certs = "/etc/kubernetes/ssl";
        Assert.Contains(
            $"reading {Certs}/etcd-client.pem, {Certs}/etcd-client-key.pem, {Certs}/ca.pem in pod",
            connection.Opening.Story
        );
        Assert.Contains("the paths are from layout kube-up.", connection.Opening.Story);
    }

    [Fact]
    public async Task A_distroless_image_cannot_print_a_key_and_the_error_names_alternatives()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        EtcdException error = await plane.RefusedAsync(
            EtcdPodAccess.Auto,
            r => r with { Tls = new TlsRequest(), ReadCertificateFromPod = true }
        );
        Assert.Equal("RemoteCertificateUnreadable", error.ErrorId);
        Assert.Contains("-Access Exec", error.RecommendedAction);
    }

    [Theory]
    [InlineData(EtcdPodAccess.Exec)]
    [InlineData(EtcdPodAccess.PortForward)]
    public async Task A_certificate_without_the_advertised_host_is_tried_with_localhost_and_no_other_name(
        EtcdPodAccess access
    )
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.StatefulSet(cluster)
        );
        plane.Etcd.PresentServerCertificate(plane.Etcd.Certificates!.ServerForName("etcd.example"));
        EtcdException error = await plane.RefusedAsync(access);
        output.WriteLine(error.Message);
        Assert.Equal("ServerNameMismatch", error.ErrorId);
        if (access is EtcdPodAccess.PortForward)
        {
            await using PodConnection named = await plane.ConnectAsync(
                access,
                r => r with { Tls = r.Tls with { ServerName = "etcd.example" } }
            );
            Assert.Single(await named.MembersAsync());
        }

        plane.Etcd.PresentServerCertificate(null);
        await using PodConnection connection = await plane.ConnectAsync(access);
        Assert.Single(await connection.MembersAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_etcd_user_logs_in_over_exec_by_a_shell_whether_or_not_the_input_can_be_closed(bool canClose)
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.ServerOnly, Auth = true },
            cluster => EtcdPods.StatefulSet(cluster)
        );
        plane.Api.SupportsV5 = canClose;
        await using PodConnection connection = await plane.ConnectAsync(
            EtcdPodAccess.Exec,
            r => r with { UserName = ClusterUsers.Root.Name, Password = RealCluster.Secret(ClusterUsers.Root.Password) }
        );
        RunRecorder status = await connection.StatusAsync();
        Assert.Empty(status.Errors);
        Assert.DoesNotContain(
            plane.Api.Requests,
            r => r.Contains(ClusterUsers.Root.Password, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task One_of_two_alarm_types_can_be_cleared_over_port_forward_but_not_over_exec()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual }
        );
        ulong member = Convert.ToUInt64(plane.Etcd.Members[0].Id, 16);
        foreach (string type in new[] { "NOSPACE", "CORRUPT" })
            await ActivateAsync(plane.Etcd, member, type);

        await using PodConnection exec = await plane.ConnectAsync(EtcdPodAccess.Exec);
        EtcdException refused = await Assert.ThrowsAnyAsync<EtcdException>(() =>
            exec.ClearAlarmsAsync(EtcdAlarmType.Corrupt)
        );
        output.WriteLine(refused.Message);
        Assert.Equal("AlarmTypesInseparable", refused.ErrorId);
        Assert.Contains("port-forward", refused.RecommendedAction);
        Assert.Equal(
            2,
            (await exec.Cluster.GetAlarmsAsync(ControlPlane.Timeout, new RunRecorder(), Cancellation)).Count
        );

        await using PodConnection forward = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        await forward.ClearAlarmsAsync(EtcdAlarmType.Corrupt);
        EtcdAlarm left = Assert.Single(
            await forward.Cluster.GetAlarmsAsync(ControlPlane.Timeout, new RunRecorder(), Cancellation)
        );
        Assert.Equal(EtcdAlarmType.NoSpace, left.AlarmType);
    }

    [Fact]
    public async Task A_pod_whose_spec_shows_no_certificates_does_not_prevent_access_to_the_others()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        foreach (FakePod pod in plane.Api.Pods)
            pod.Manifest["metadata"]!["labels"] = new JsonObject();
        TellNoCertificate(plane.Api.Pods[0]);
        await using (PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.Exec))
        {
            RunRecorder status = await connection.StatusAsync();
            Assert.Equal(2, status.Rows<EtcdMemberStatus>().Count(r => r.IsReachable));
            Assert.Equal("MemberUnreachable", Assert.Single(status.Errors).ErrorId);
        }
        foreach (FakePod pod in plane.Api.Pods.Skip(1))
            TellNoCertificate(pod);
        Assert.Equal("RemoteCertificatePathUnknown", (await plane.RefusedAsync(EtcdPodAccess.Exec)).ErrorId);
        EtcdException forwarded = await plane.RefusedAsync(
            EtcdPodAccess.PortForward,
            r => r with { Tls = r.Tls with { ClientCertificate = null, ClientKey = null } }
        );
        Assert.Equal("ClientCertificateRequired", forwarded.ErrorId);
    }

    [Fact]
    public async Task The_kubelet_reports_the_free_bytes_of_a_volume_claim_if_the_user_has_permission()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.StatefulSet(cluster)
        );
        plane.Api.FreeVolume = 123_456_789;
        Assert.Equal(123_456_789, await FreeDiskAsync(plane));
        plane.Api.Users[0] = plane.Api.Users[0] with { May = a => a.Resource != "nodes/proxy" };
        Assert.Null(await FreeDiskAsync(plane));
    }

    [Fact]
    public async Task The_figures_of_a_node_are_not_used_for_a_host_folder()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        plane.Api.FreeDisk = 123_456_789;
        Assert.Null(await FreeDiskAsync(plane));
        Assert.Equal(0, plane.Api.Count(ApiKind.Stats));
    }

    [Fact]
    public async Task A_container_with_df_reports_the_free_bytes_of_its_data_folder()
    {
        Availability tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using TinyDisk disk = await TinyDisk.MountAsync(50, Cancellation);
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        FakePod pod = plane.Api.Pods[0];
        pod.Programs["df"] = "/bin/df";
        pod.Files["/var/lib/etcd"] = disk.FolderPath;
        Assert.Equal(disk.FreeBytes, await FreeDiskAsync(plane));
    }

    [Fact]
    public async Task Free_disk_space_is_unknown_when_the_spec_does_not_show_the_data_folder()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            cluster => EtcdPods.Kops(cluster)
        );
        Assert.Null(await FreeDiskAsync(plane));
        Assert.Equal(0, plane.Api.Count(ApiKind.Stats));
    }

    [Fact]
    public async Task Many_pods_take_about_as_long_as_one()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync(new ClusterOptions { Tls = TlsMode.Mutual });
        FakePod first = plane.Api.Pods[0];
        for (int i = 0; i < 99; i++)
        {
            var manifest = (JsonObject)first.Manifest.DeepClone();
            manifest["metadata"]!["name"] = $"etcd-copy{i}";
            manifest["metadata"]!["uid"] = $"copy{i}";
            var copy = new FakePod(manifest);
            foreach ((int port, int real) in first.Ports)
                copy.Ports[port] = real;
            plane.Api.Pods.Add(copy);
        }
        var watch = Stopwatch.StartNew();
        await using PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        output.WriteLine($"connected to {connection.Connection.Endpoint.Length} pods in {watch.Elapsed}");
        Assert.Equal(100, connection.Connection.Endpoint.Length);
        Assert.Single(await connection.MembersAsync());
    }

    [Fact]
    public async Task Streams_are_closed_with_the_connection()
    {
        await using ControlPlane plane = await ControlPlane.StartAsync();
        PodConnection connection = await plane.ConnectAsync(EtcdPodAccess.PortForward);
        await connection.StatusAsync();
        Assert.True(plane.Api.OpenStreams >= 3);
        await connection.DisposeAsync();
        var watch = Stopwatch.StartNew();
        while (plane.Api.OpenStreams > 0 && watch.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(20, Cancellation);
        Assert.Equal(0, plane.Api.OpenStreams);
    }

    private static void TellNoCertificate(FakePod pod)
    {
        JsonArray command = pod.Manifest["spec"]!["containers"]![0]!["command"]!.AsArray();
        foreach (
            JsonNode flag in command
                .Where(w => (string)w! is var text && (text.StartsWith("--cert-file") || text.StartsWith("--key-file")))
                .ToArray()!
        )
            command.Remove(flag);
    }

    private static async Task<long?> FreeDiskAsync(ControlPlane plane)
    {
        KubernetesConnectRequest request = plane.Request(EtcdPodAccess.Exec);
        var limit = new CallBudget(ControlPlane.Timeout, Cancellation);
        using var api = new ApiServer(KubeConfigLoader.Load(request, _ => { }));
        IReadOnlyList<EtcdPod> pods = await new PodDiscovery(api, request, null).FindAsync(limit, _ => { });
        using var clients = new ExecPodClients(api, skipCertificateCheck: false, login: null);
        await using IMemberClient client = clients.Create(pods[0], "localhost");
        return await client.ReadFreeDiskAsync(limit);
    }

    private static async Task ActivateAsync(TestEtcdCluster cluster, ulong member, string type)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        handler.ClientCertificates.Add(
            System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
                cluster.Certificates!.Client.Certificate,
                cluster.Certificates.Client.Key
            )
        );
        using var http = new HttpClient(handler);
        using var body = new StringContent(
            $$"""{"action": "ACTIVATE", "memberID": "{{member}}", "alarm": "{{type}}"}"""
        );
        using HttpResponseMessage answer = await http.PostAsync(
            new Uri($"{cluster.ClientUrls[0]}/v3/maintenance/alarm"),
            body,
            Cancellation
        );
        answer.EnsureSuccessStatusCode();
    }
}

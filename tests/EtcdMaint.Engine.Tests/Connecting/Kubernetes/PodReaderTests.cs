using EtcdMaint.Engine.Connecting.Kubernetes;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>What is read from the spec of a pod.</summary>
[Trait("Kind", "Real")]
public sealed class PodReaderTests
{
    [Theory]
    [InlineData("""{"httpGet":{"port":2381},"periodSeconds":10,"timeoutSeconds":15,"failureThreshold":8}""", 120)]
    [InlineData("""{"exec":{"command":["etcdctl"]},"periodSeconds":5,"timeoutSeconds":15,"failureThreshold":5}""", 75)]
    [InlineData("""{"httpGet":{"port":2381}}""", 21)]
    [InlineData("""{"tcpSocket":{"port":2379},"periodSeconds":1,"failureThreshold":1}""", null)]
    [InlineData("""{"grpc":{"port":2379},"periodSeconds":1,"failureThreshold":1}""", null)]
    public void The_probe_budget_is_the_time_after_which_the_kubelet_kills_the_container(string probe, int? seconds)
    {
        var container = new V1Container { LivenessProbe = ObjectText.Read(probe, V1Probe.Read) };
        Assert.Equal(seconds, ProbeBudget.Read(container, isStarted: true)?.TotalSeconds);
    }

    [Fact]
    public void The_startup_probe_applies_until_the_container_has_started()
    {
        var container = new V1Container
        {
            LivenessProbe = new V1Probe
            {
                HttpGet = new V1HTTPGetAction(),
                FailureThreshold = 1,
                PeriodSeconds = 1,
                TimeoutSeconds = 1,
            },
            StartupProbe = new V1Probe
            {
                HttpGet = new V1HTTPGetAction(),
                FailureThreshold = 24,
                PeriodSeconds = 10,
                TimeoutSeconds = 15,
            },
        };
        Assert.Equal(1, ProbeBudget.Read(container, isStarted: true)?.TotalSeconds);
        Assert.Equal(360, ProbeBudget.Read(container, isStarted: false)?.TotalSeconds);
    }

    [Theory]
    [InlineData("etcd|--cert-file=/a|--key-file|/b", "/a", "/b")]
    [InlineData("/bin/sh|-c|exec etcd --cert-file=/old --cert-file /a \\\n --key-file='/b' 2>&1", "/a", "/b")]
    public void Finds_flags_in_lists_and_in_command_lines_and_uses_the_last_one(
        string command,
        string certificate,
        string key
    )
    {
        var flags = EtcdFlags.Read(PodCommand.Words(command.Split('|')));
        Assert.Equal(certificate, flags["cert-file"]);
        Assert.Equal(key, flags["key-file"]);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(
        ",{\"name\":\"ETCD_CONFIG_FILE\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"a\",\"key\":\"b\"}}}",
        "the pod spec takes variables from elsewhere"
    )]
    [InlineData(
        ",{\"name\":\"ETCD_CONFIG_FILE\",\"value\":\"/etcd.yaml\"}",
        "the pod spec does not show the config file /etcd.yaml"
    )]
    public void All_settings_of_etcd_are_read_with_their_origin(string variable, string? hidden)
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"kube-system"},"spec":{"containers":[{"name":"etcd",
             "command":["etcd","--enable-v2=false","--name","a"],
             "env":[{"name":"ETCD_DEBUG","value":"true"},{"name":"ETCDCTL_API","value":"3"}{{{variable}}}]}]}}
            """
        );
        MemberSettings read = new PodReader(new KubernetesConnectRequest())
            .Read(pod, new EtcdLayout("test"))!
            .Settings!;
        Assert.Equal(hidden, read.Hidden);
        Assert.Contains(new MemberSetting("enable-v2", "false", SettingOrigin.CommandLine), read.All);
        Assert.Equal(
            hidden?.Contains("config file", StringComparison.Ordinal) is not true,
            read.All.Contains(new MemberSetting("debug", "true", SettingOrigin.Variable))
        );
        Assert.DoesNotContain(read.All, s => s.Flag.Contains("ctl", StringComparison.Ordinal));
    }

    [Fact]
    public void A_setting_whose_value_the_spec_does_not_show_has_none()
    {
        V1Pod pod = Pod(
            """
            {"metadata":{"name":"etcd-a","namespace":"kube-system"},"spec":{"containers":[{"name":"etcd",
             "command":["etcd","--v2-deprecation=$(STAGE)","--name=$(NAME)"],
             "env":[{"name":"STAGE","valueFrom":{"configMapKeyRef":{"name":"a","key":"b"}}},
                    {"name":"NAME","value":"a"},
                    {"name":"ETCD_LOGGER","valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}},
                    {"name":"ETCD_DISCOVERY_FALLBACK","value":"$(STAGE)"}]}]}}
            """
        );
        MemberSettings read = new PodReader(new KubernetesConnectRequest())
            .Read(pod, new EtcdLayout("test"))!
            .Settings!;
        Assert.Contains(new MemberSetting("v2-deprecation", null, SettingOrigin.CommandLine), read.All);
        Assert.Contains(new MemberSetting("name", "a", SettingOrigin.CommandLine), read.All);
        Assert.Contains(new MemberSetting("logger", null, SettingOrigin.Variable), read.All);
        Assert.Contains(new MemberSetting("discovery-fallback", null, SettingOrigin.Variable), read.All);
        Assert.Null(read.Hidden);
    }

    [Fact]
    public void Paths_from_the_user_take_precedence_over_the_spec_and_a_client_pair_over_the_servers()
    {
        V1Pod pod = Pod(
            """
            {"metadata":{"name":"etcd-a","namespace":"kube-system"},"spec":{"containers":[{"name":"etcd",
             "command":["etcd","--cert-file=/server.crt","--key-file=/server.key","--trusted-ca-file=/ca.crt","--listen-client-urls=https://0.0.0.0:3379"],
             "env":[{"name":"ETCDCTL_CERT","value":"/client.crt"},{"name":"ETCDCTL_KEY","value":"/client.key"}]}]}}
            """
        );
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!;
        Assert.Equal(new CertificatePaths("/ca.crt", "/client.crt", "/client.key"), read.Certificates);
        Assert.Equal(3379, read.ClientPort);
        Assert.True(read.IsTls);
        Assert.Equal("127.0.0.1", read.InnerHosts[0]);

        EtcdPod given = new PodReader(
            new KubernetesConnectRequest
            {
                RemoteCACertificatePath = "/x",
                RemoteClientCertificatePath = "/y",
                RemoteClientKeyPath = "/z",
                ClientPort = 1,
            }
        ).Read(pod, new EtcdLayout("test"))!;
        Assert.Equal(new CertificatePaths("/x", "/y", "/z"), given.Certificates);
        Assert.Equal(1, given.ClientPort);
    }

    [Theory]
    [InlineData("etcd|--quota-backend-bytes=8589934592", 8L << 30)]
    [InlineData("etcd|--quota-backend-bytes=0", 2L << 30)]
    [InlineData("etcd|--name=a", 2L << 30)]
    [InlineData("etcd|--quota-backend-bytes=-1", -1L)]
    [InlineData("etcd|--quota-backend-bytes|-1", -1L)]
    [InlineData("etcd|--quota-backend-bytes|33554432|--name=a", 33554432L)]
    [InlineData("etcd|--quota-backend-bytes=64M", null)]
    [InlineData("etcd|--config-file=/etc/etcd.yaml|--quota-backend-bytes=8589934592", null)]
    [InlineData("/bin/sh|-c|export ETCD_QUOTA_BACKEND_BYTES=33554432\nexec etcd --name=a", null)]
    [InlineData("/bin/sh|-c|ETCD_QUOTA_BACKEND_BYTES=33554432 exec etcd", null)]
    [InlineData("/bin/sh|-c|exec etcd --quota-backend-bytes=8589934592 $EXTRA", null)]
    [InlineData("/usr/bin/env|ETCD_QUOTA_BACKEND_BYTES=33554432|etcd", null)]
    [InlineData("etcd|--name=a --quota-backend-bytes=8589934592", 2L << 30)]
    [InlineData("etcd|--config-file=/etc/etcd.yaml", null)]
    [InlineData("etcd-manager|--client-urls=https://__name__:4001", null)]
    public void Reads_the_quota_from_the_command_line(string command, long? quota)
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","command":{{{System.Text.Json.JsonSerializer.Serialize(
                command.Split('|')
            )}}}}]}}
            """
        );
        Assert.Equal(
            quota,
            new PodReader(new KubernetesConnectRequest())
                .Read(pod, new EtcdLayout("test") { Container = "etcd" })!
                .QuotaBytes
        );
    }

    [Theory]
    [InlineData("""{"env":[{"name":"ETCD_QUOTA_BACKEND_BYTES","value":"33554432"}]}""", 33554432L)]
    [InlineData(
        """{"env":[{"name":"Q","value":"33554432"},{"name":"ETCD_QUOTA_BACKEND_BYTES","value":"$(Q)"}]}""",
        33554432L
    )]
    [InlineData("""{"env":[{"name":"ETCD_QUOTA_BACKEND_BYTES","value":""}]}""", 2L << 30)]
    [InlineData("""{"env":[{"name":"OTHER","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}}]}""", 2L << 30)]
    [InlineData(
        """{"env":[{"name":"ETCD_QUOTA_BACKEND_BYTES","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}}]}""",
        null
    )]
    [InlineData(
        """{"env":[{"name":"ETCD_QUOTA_BACKEND_BYTES","valueFrom":{"secretKeyRef":{"name":"c","key":"k"}}}]}""",
        null
    )]
    [InlineData(
        """{"env":[{"name":"Q","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}},{"name":"ETCD_QUOTA_BACKEND_BYTES","value":"$(Q)"}]}""",
        null
    )]
    [InlineData("""{"env":[{"name":"ETCD_CONFIG_FILE","value":"/etc/etcd.yaml"}]}""", null)]
    [InlineData(
        """{"env":[{"name":"ETCD_CONFIG_FILE","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}}]}""",
        null
    )]
    [InlineData("""{"envFrom":[{"configMapRef":{"name":"c"}}]}""", null)]
    [InlineData(
        """{"envFrom":[{"configMapRef":{"name":"c"}}],"env":[{"name":"ETCD_QUOTA_BACKEND_BYTES","value":"33554432"}]}""",
        null
    )]
    public void The_quota_is_known_only_if_no_hidden_variable_can_set_it(string more, long? quota)
    {
        V1Container container = ObjectText.Read(more, V1Container.Read);
        (container.Name, container.Command) = ("etcd", ["/usr/local/bin/etcd", "--name=a"]);
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "a", Namespace = "x" },
            Spec = new V1PodSpec { Containers = [container] },
        };
        Assert.Equal(
            quota,
            new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!.QuotaBytes
        );
    }

    [Theory]
    [InlineData("""["etcd"]""", null)]
    [InlineData("""["etcd","--quota-backend-bytes=33554432"]""", null)]
    public void The_quota_is_unknown_when_the_image_selects_the_program(string arguments, long? quota)
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","image":"registry/etcd:v1","args":{{{arguments}}}}]}}
            """
        );
        Assert.Equal(
            quota,
            new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!.QuotaBytes
        );
    }

    [Fact]
    public void Flags_beside_a_config_file_are_ignored_as_etcd_ignores_them()
    {
        V1Pod pod = Pod(
            """
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","volumeMounts":[{"name":"d","mountPath":"/data"}],
             "command":["etcd","--config-file=/etc/etcd.yaml","--listen-client-urls=https://127.0.0.1:3379","--cert-file=/a","--key-file=/b","--data-dir=/data"]}]}}
            """
        );
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!;
        Assert.Equal(
            (2379, false, null, CertificatePaths.None),
            (read.ClientPort, read.IsTls, read.DataFolder, read.Certificates)
        );
    }

    [Theory]
    [InlineData("""["etcd"]""", "", "/data")]
    [InlineData("""["/bin/sh","-c","export ETCD_DATA_DIR=/fast\\nexec etcd"]""", "", null)]
    [InlineData("""["sh","-c","etcd --data-dir=/data & backup --data-dir=/backup"]""", "", null)]
    [InlineData("""["etcd","--data-dir=/data"]""", """,  "envFrom":[{"configMapRef":{"name":"c"}}]""", null)]
    public void The_data_folder_is_known_only_if_nothing_else_can_set_it(string command, string more, string? folder)
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd",
             "volumeMounts":[{"name":"d","mountPath":"/data"},{"name":"f","mountPath":"/fast"},{"name":"b","mountPath":"/backup"}],
             "command":{{{command}}},"env":[{"name":"ETCD_DATA_DIR","value":"/data"}]{{{more}}}}]}}
            """
        );
        Assert.Equal(
            folder,
            new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!.DataFolder
        );
    }

    [Fact]
    public void Values_with_unresolved_variables_are_not_used()
    {
        V1Pod pod = Pod(
            """
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","volumeMounts":[{"name":"d","mountPath":"/data"}],
             "command":["etcd","--listen-client-urls=https://127.0.0.1:2379","--name=$(N)","--cert-file=$(C)","--key-file=/b","--data-dir=/data/$(N)"],
             "env":[{"name":"N","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}}]}]}}
            """
        );
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(pod, new EtcdLayout("test"))!;
        Assert.Equal((null, null), (read.MemberName, read.DataFolder));
        Assert.False(read.Certificates.HasClient);
    }

    [Theory]
    [InlineData("etcd|--listen-metrics-urls=http://127.0.0.1:2381", 2381)]
    [InlineData("etcd|--listen-metrics-urls=https://127.0.0.1:2382,http://0.0.0.0:2381", 2381)]
    [InlineData("etcd|--listen-metrics-urls|http://[::]:2381", 2381)]
    [InlineData("etcd|--listen-client-http-urls=http://localhost:2382|--listen-client-urls=http://0.0.0.0:2379", 2382)]
    [InlineData("etcd|--listen-client-urls=http://0.0.0.0:2379", 2379)]
    [InlineData("etcd|--listen-client-urls=https://0.0.0.0:2379", null)]
    [InlineData("etcd|--listen-client-urls=http://10.0.0.1:2379", null)]
    [InlineData("etcd|--listen-metrics-urls=http://10.0.0.1:2381", null)]
    [InlineData("etcd|--listen-metrics-urls=http://$(UNKNOWN):2381", null)]
    [InlineData("etcd|--advertise-client-urls=http://127.0.0.1:2379", null)]
    [InlineData("etcd|--config-file=/etc/etcd.yaml", null)]
    [InlineData("etcd-manager|--client-urls=http://__name__:4001", null)]
    public void The_metrics_port_is_a_port_without_TLS_on_the_loopback_address_in_the_spec(string command, int? port)
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","command":{{{System.Text.Json.JsonSerializer.Serialize(
                command.Split('|')
            )}}}}]}}
            """
        );
        Assert.Equal(
            port,
            new PodReader(new KubernetesConnectRequest())
                .Read(pod, new EtcdLayout("test") { Container = "etcd" })!
                .MetricsPort
        );
    }

    [Theory]
    [InlineData("""{"host":"127.0.0.1","path":"/health?serializable=true","port":2381,"scheme":"HTTP"}""", 2381)]
    [InlineData("""{"host":"127.0.0.1","path":"/livez","port":"probe-port"}""", 2382)]
    [InlineData("""{"host":"127.0.0.1","path":"/livez","port":"other"}""", null)]
    [InlineData("""{"host":"127.0.0.1","path":"/health","port":2381,"scheme":"HTTPS"}""", null)]
    [InlineData("""{"host":"127.0.0.1","path":"/healthz","port":2381}""", null)]
    [InlineData("""{"path":"/health","port":2381}""", null)]
    public void A_probe_of_a_health_page_of_etcd_shows_the_metrics_port(string action, int? port)
    {
        var container = new V1Container
        {
            LivenessProbe = new V1Probe { HttpGet = ObjectText.Read(action, V1HTTPGetAction.Read) },
            Ports = [new V1ContainerPort { Name = "probe-port", ContainerPort = 2382 }],
        };
        Assert.Equal(port, ProbedPort.Find(container));
    }

    [Theory]
    [InlineData("etcd|--advertise-client-urls=https://etcd-a:2379", "etcd-a,localhost,127.0.0.1")]
    [InlineData("etcd-manager|--client-urls=https://__name__:4001", "localhost,127.0.0.1")]
    [InlineData("etcd|--advertise-client-urls=https://127.0.0.1:2379", "127.0.0.1,localhost")]
    public void Over_a_forwarded_port_a_certificate_may_name_the_advertised_host_or_loopback(
        string command,
        string hosts
    )
    {
        V1Pod pod = Pod(
            $$$"""
            {"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd","command":{{{System.Text.Json.JsonSerializer.Serialize(
                command.Split('|')
            )}}}}]}}
            """
        );
        EtcdPod read = new PodReader(new KubernetesConnectRequest()).Read(
            pod,
            new EtcdLayout("test") { Container = "etcd" }
        )!;
        using var clients = new ForwardedPodClients(null!, new TlsSettings(), null);
        Assert.Equal(hosts.Split(','), clients.HostsOf(read));
    }

    [Fact]
    public void Reports_a_recent_restart_of_a_pod()
    {
        V1Pod pod = Pod(
            """{"metadata":{"name":"etcd-a","namespace":"x"},"spec":{"containers":[{"name":"etcd"}]},"status":{"phase":"Running"}}"""
        );
        var status = new V1ContainerStatus
        {
            Name = "etcd",
            Ready = true,
            RestartCount = 3,
            State = new V1ContainerState
            {
                Running = new V1ContainerStateRunning { StartedAt = DateTime.UtcNow.AddMinutes(-5) },
            },
        };
        Assert.Contains("was restarted", PodProblem.Find(pod, status));
        status.State.Running.StartedAt = DateTime.UtcNow.AddDays(-5);
        Assert.Null(PodProblem.Find(pod, status));
    }

    private static V1Pod Pod(string json) => ObjectText.Read(json, V1Pod.Read);
}

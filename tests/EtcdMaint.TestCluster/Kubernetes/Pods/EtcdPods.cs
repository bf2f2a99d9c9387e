using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Pods as installers create them, with the members of a real cluster behind them. Sources: the manifests that kubeadm,
/// kube-up, kOps, RKE2, OpenShift and the bitnami chart write.
/// </summary>
public static class EtcdPods
{
    /// <summary>kubeadm: etcd's own command line, probes over HTTP, no shell in the image.</summary>
    public static IReadOnlyList<FakePod> Kubeadm(TestEtcdCluster cluster) =>
        Each(
            cluster,
            (member, node, port) =>
            {
                const string pki = "/etc/kubernetes/pki/etcd";
                JsonObject container = PodManifest.Container(
                    "etcd",
                    "registry.k8s.io/etcd:3.6.5-0",
                    [
                        "etcd",
                        $"--advertise-client-urls={Scheme(cluster)}://127.0.0.1:{port}",
                        $"--cert-file={pki}/server.crt",
                        "--client-cert-auth=true",
                        "--data-dir=/var/lib/etcd",
                        $"--key-file={pki}/server.key",
                        $"--listen-client-urls={Scheme(cluster)}://127.0.0.1:{port},{Scheme(cluster)}://10.0.0.1:{port}",
                        "--listen-metrics-urls=http://127.0.0.1:2381",
                        $"--name={member.Name}",
                        $"--trusted-ca-file={pki}/ca.crt",
                        $"--quota-backend-bytes={cluster.Options.QuotaBytes ?? 0}",
                        .. cluster.Options.ExtraArguments,
                    ]
                );
                container["livenessProbe"] = HttpProbe("/livez", period: 10, timeout: 15, failures: 8);
                container["startupProbe"] = HttpProbe("/readyz", period: 10, timeout: 15, failures: 24);
                container["volumeMounts"] = new JsonArray(
                    new JsonObject { ["mountPath"] = "/var/lib/etcd", ["name"] = "etcd-data" },
                    new JsonObject { ["mountPath"] = pki, ["name"] = "etcd-certs" }
                );
                JsonObject manifest = PodManifest
                    .Create($"etcd-{node}", "kube-system", node, [container])
                    .With("component", "etcd")
                    .With("tier", "control-plane");
                manifest["metadata"]!["annotations"]!["kubeadm.kubernetes.io/etcd.advertise-client-urls"] =
                    $"{Scheme(cluster)}://127.0.0.1:{port}";
                return WithMetrics(
                    member,
                    Behind(manifest, cluster, port, $"{pki}/ca.crt", $"{pki}/server.crt", $"{pki}/server.key")
                );
            }
        );

    /// <summary>
    /// kube-up and the manual runbook: a command line for a shell, no labels, every member advertises loopback.
    /// </summary>
    public static IReadOnlyList<FakePod> KubeUp(
        TestEtcdCluster cluster,
        string suffix = "",
        bool tellsCertificates = true
    ) =>
        Each(
            cluster,
            (member, node, port) =>
            {
                const string ssl = "/etc/kubernetes/ssl";
                string certificates = tellsCertificates
                    ? $"--cacert={ssl}/ca.pem --cert={ssl}/etcd-client.pem --key={ssl}/etcd-client-key.pem"
                    : "";
                JsonObject container = PodManifest.Container(
                    "etcd-container",
                    "registry.k8s.io/etcd:3.5.3-0",
                    [
                        "/bin/sh",
                        "-c",
                        "if [ -e /usr/local/bin/migrate-if-needed.sh ]; then "
                            + "/usr/local/bin/migrate-if-needed.sh 1>>/var/log/etcd.log 2>&1; fi; exec "
                            + $"/usr/local/bin/etcd --name {member.Name} "
                            + $"--advertise-client-urls {Scheme(cluster)}://127.0.0.1:{port} "
                            + $"--listen-client-urls {Scheme(cluster)}://127.0.0.1:{port} --data-dir "
                            + $"/var/etcd/data --quota-backend-bytes {cluster.Options.QuotaBytes ?? 0} "
                            + "1>>/var/log/etcd.log 2>&1",
                    ]
                );
                container["livenessProbe"] = new JsonObject
                {
                    ["exec"] = new JsonObject
                    {
                        ["command"] = PodManifest.Texts([
                            "/bin/sh",
                            "-c",
                            $"set -x; exec /usr/local/bin/etcdctl --endpoints=127.0.0.1:{port} "
                                + $"{certificates} --command-timeout=15s endpoint health",
                        ]),
                    },
                    ["initialDelaySeconds"] = 15,
                    ["timeoutSeconds"] = 15,
                    ["periodSeconds"] = 5,
                    ["failureThreshold"] = 5,
                };
                JsonObject manifest = PodManifest.Create(
                    $"etcd-server{suffix}-ip-10-0-0-{node[^1]}.eu-west-1.compute.internal",
                    "kube-system",
                    node,
                    [container]
                );
                return Behind(
                    manifest,
                    cluster,
                    port,
                    $"{ssl}/ca.pem",
                    $"{ssl}/etcd-client.pem",
                    $"{ssl}/etcd-client-key.pem",
                    "/usr/local/bin/etcdctl"
                );
            }
        );

    /// <summary>
    /// kOps: the container of a manager with the node's files under /rootfs, and etcdctl in a folder of its release.
    /// </summary>
    public static IReadOnlyList<FakePod> Kops(TestEtcdCluster cluster, string name = "main") =>
        Each(
            cluster,
            (_, node, port) =>
            {
                string pki =
                    name == "cilium"
                        ? "/rootfs/etc/kubernetes/pki/cilium"
                        : "/rootfs/etc/kubernetes/pki/kube-apiserver";
                string client = name == "cilium" ? "etcd-client-cilium" : "etcd-client";
                JsonObject container = PodManifest.Container(
                    "etcd-manager",
                    "registry.k8s.io/etcd-manager/etcd-manager-slim:v3.0.20240624",
                    [
                        "/bin/sh",
                        "-c",
                        "mkfifo /tmp/pipe; (tee -a /var/log/etcd.log < /tmp/pipe & ) ; exec /etcd-manager "
                            + $"--backup-store=s3://x --client-urls={Scheme(cluster)}://__name__:{port} "
                            + "--cluster-name=etcd --containerized=true --peer-urls=https://__name__:2380 > "
                            + "/tmp/pipe 2>&1",
                    ]
                );
                JsonObject manifest = PodManifest
                    .Create($"etcd-manager-{name}-i-0{node[^1]}", "kube-system", node, [container])
                    .With("k8s-app", $"etcd-manager-{name}");
                manifest["spec"]!["initContainers"] = new JsonArray(
                    PodManifest.Container(
                        "init-etcd-3-4-13",
                        "registry.k8s.io/etcd:3.4.13-0",
                        [
                            "/opt/kops-utils/kops-utils-cp",
                            "--target-dir=/opt/etcd-v3.4.13",
                            "--src=/usr/local/bin/etcdctl",
                        ]
                    ),
                    PodManifest.Container(
                        "init-etcd-3-5-13",
                        "registry.k8s.io/etcd:3.5.13-0",
                        [
                            "/opt/kops-utils/kops-utils-cp",
                            "--target-dir=/opt/etcd-v3.5.13",
                            "--src=/usr/local/bin/etcdctl",
                        ]
                    )
                );
                return Behind(
                    manifest,
                    cluster,
                    port,
                    $"{pki}/etcd-ca.crt",
                    $"{pki}/{client}.crt",
                    $"{pki}/{client}.key",
                    "/opt/etcd-v3.5.13/etcdctl"
                );
            }
        );

    /// <summary>
    /// RKE2: all settings are in a config file, which the spec does not show; only the probe shows the port of the
    /// metrics.
    /// </summary>
    public static IReadOnlyList<FakePod> Rke2(TestEtcdCluster cluster) =>
        Each(
            cluster,
            (member, node, port) =>
            {
                const string tls = "/var/lib/rancher/rke2/server/tls/etcd";
                JsonObject container = PodManifest.Container(
                    "etcd",
                    "index.docker.io/rancher/hardened-etcd:v3.5.21-k3s1-build20250612",
                    ["etcd", "--config-file=/var/lib/rancher/rke2/server/db/etcd/config"]
                );
                container["livenessProbe"] = HttpProbe(
                    "/health?serializable=true",
                    period: 10,
                    timeout: 15,
                    failures: 8
                );
                JsonObject manifest = PodManifest
                    .Create($"etcd-{node}", "kube-system", node, [container])
                    .With("component", "etcd")
                    .With("tier", "control-plane");

                // The port of RKE2 is always 2379: there it comes from the layout, not from the spec.
                FakePod pod = Behind(
                    manifest,
                    cluster,
                    port,
                    $"{tls}/server-ca.crt",
                    $"{tls}/server-client.crt",
                    $"{tls}/server-client.key"
                );
                pod.Ports[2379] = port;
                return WithMetrics(member, pod);
            }
        );

    /// <summary>
    /// OpenShift: several containers, etcdctl variables for interactive use, and additional guard pods.
    /// </summary>
    public static IReadOnlyList<FakePod> OpenShift(TestEtcdCluster cluster) =>
        [
            .. Each(
                cluster,
                (member, node, port) =>
                {
                    const string certs = "/etc/kubernetes/static-pod-certs";
                    (string ca, string certificate, string key) = (
                        $"{certs}/configmaps/etcd-serving-ca/ca-bundle.crt",
                        $"{certs}/secrets/etcd-all-certs/etcd-peer-{node}.crt",
                        $"{certs}/secrets/etcd-all-certs/etcd-peer-{node}.key"
                    );
                    (string, string)[] variables =
                    [
                        ("ETCDCTL_API", "3"),
                        ("ETCDCTL_CACERT", ca),
                        ("ETCDCTL_CERT", certificate),
                        ("ETCDCTL_KEY", key),
                        ("ETCDCTL_ENDPOINTS", string.Join(',', cluster.ClientUrls)),
                        ($"NODE_{node}_IP", "127.0.0.1"),
                    ];
                    JsonObject shell = PodManifest.Container(
                        "etcdctl",
                        "quay.io/openshift-release-dev/ocp-v4.0-art-dev",
                        ["/bin/bash", "-c", "trap TERM INT; sleep infinity & wait"]
                    );
                    JsonObject etcd = PodManifest.Container(
                        "etcd",
                        "quay.io/openshift-release-dev/ocp-v4.0-art-dev",
                        [
                            "/bin/sh",
                            "-c",
                            "#!/bin/sh\nset -euo pipefail\netcdctl member list || true\nexec nice -n -19 "
                                + $"ionice -c2 -n0 etcd \\\n  --logger=zap \\\n  --name={member.Name} \\\n  "
                                + $"--quota-backend-bytes={cluster.Options.QuotaBytes ?? 0} \\\n"
                                + $"  --cert-file={certs}/secrets/etcd-all-certs/etcd-serving-{node}.crt "
                                + "\\\n  "
                                + $"--advertise-client-urls={Scheme(cluster)}://${{NODE_{node}_IP}}:{port} "
                                + "\\\n"
                                + "  "
                                + $"--listen-client-urls={Scheme(cluster)}://0.0.0.0:{port},unixs://${{NODE_{node}_IP}}:0 "
                                + "\\\n  --listen-metrics-urls=https://0.0.0.0:9978",
                        ]
                    );
                    shell["env"] = PodManifest.Environment(variables);
                    etcd["env"] = PodManifest.Environment(variables);
                    JsonObject manifest = PodManifest
                        .Create($"etcd-{node}", "openshift-etcd", node, [shell, etcd])
                        .With("app", "etcd")
                        .With("k8s-app", "etcd");
                    FakePod pod = Behind(manifest, cluster, port, ca, certificate, key);
                    foreach ((string name, string value) in variables)
                        pod.Environment[name] = value;
                    pod.Programs["sh"] = "/bin/sh";
                    return pod;
                }
            ),
            new FakePod(
                PodManifest
                    .Create(
                        "etcd-guard-node1",
                        "openshift-etcd",
                        "node1",
                        [PodManifest.Container("guard", "quay.io/x", ["/bin/bash"])]
                    )
                    .With("app", "guard")
            ),
        ];

    /// <summary>
    /// The StatefulSet of the bitnami chart: all settings in variables, a volume claim, a shell in the image.
    /// </summary>
    public static IReadOnlyList<FakePod> StatefulSet(
        TestEtcdCluster cluster,
        string release = "kv",
        string inNamespace = "data"
    ) =>
        Each(
            cluster,
            (_, node, port) =>
            {
                const string certs = "/opt/bitnami/etcd/certs/client";
                string name = $"{release}-etcd-{node[^1] - '1'}";
                JsonObject container = PodManifest.Container("etcd", "docker.io/bitnami/etcd:3.5.18-debian-12-r0", []);
                container.Remove("command");
                (string, string)[] variables =
                [
                    ("ETCD_NAME", "$(MY_POD_NAME)"),
                    ("ETCD_QUOTA_BACKEND_BYTES", $"{cluster.Options.QuotaBytes ?? 0}"),
                    ("ETCD_DATA_DIR", "/bitnami/etcd/data"),
                    ("ETCD_LISTEN_CLIENT_URLS", $"{Scheme(cluster)}://0.0.0.0:{port}"),
                    (
                        "ETCD_ADVERTISE_CLIENT_URLS",
                        $"{Scheme(cluster)}://$(MY_POD_NAME).{release}-etcd-headless.{inNamespace}.svc.cluster.local:{port}"
                    ),
                ];
                (string, string)[] tls =
                [
                    ("ETCD_CERT_FILE", $"{certs}/cert.pem"),
                    ("ETCD_KEY_FILE", $"{certs}/key.pem"),
                    ("ETCD_TRUSTED_CA_FILE", $"{certs}/ca.crt"),
                ];
                JsonArray environment = PodManifest.Environment(
                    cluster.Certificates is null ? variables : [.. variables, .. tls]
                );
                environment.Insert(
                    0,
                    new JsonObject
                    {
                        ["name"] = "MY_POD_NAME",
                        ["valueFrom"] = new JsonObject
                        {
                            ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.name" },
                        },
                    }
                );
                container["env"] = environment;
                container["volumeMounts"] = new JsonArray(
                    new JsonObject { ["mountPath"] = "/bitnami/etcd", ["name"] = "data" }
                );
                JsonObject manifest = PodManifest
                    .Create(name, inNamespace, node, [container])
                    .With("app.kubernetes.io/name", "etcd")
                    .With("app.kubernetes.io/instance", release);
                manifest["spec"]!["volumes"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "data",
                        ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"data-{name}" },
                    }
                );
                FakePod pod = Behind(
                    manifest,
                    cluster,
                    port,
                    $"{certs}/ca.crt",
                    $"{certs}/cert.pem",
                    $"{certs}/key.pem"
                );
                pod.Programs["sh"] = "/bin/sh";
                pod.Programs["cat"] = "/bin/cat";
                return pod;
            }
        );

    private static string Scheme(TestEtcdCluster cluster) => cluster.Certificates is null ? "http" : "https";

    internal static IReadOnlyList<FakePod> Each(
        TestEtcdCluster cluster,
        Func<ClusterMember, string, int, FakePod> create
    ) => [.. cluster.Members.Select((m, i) => create(m, $"node{i + 1}", new Uri(m.ClientUrl).Port))];

    private static JsonObject HttpProbe(string path, int period, int timeout, int failures) =>
        new()
        {
            ["httpGet"] = new JsonObject
            {
                ["host"] = "127.0.0.1",
                ["path"] = path,
                ["port"] = 2381,
                ["scheme"] = "HTTP",
            },
            ["initialDelaySeconds"] = 10,
            ["periodSeconds"] = period,
            ["timeoutSeconds"] = timeout,
            ["failureThreshold"] = failures,
        };

    /// <summary>The port of the metrics is the same in every pod, and leads to the member's own port.</summary>
    private static FakePod WithMetrics(ClusterMember member, FakePod pod)
    {
        if (member.MetricsUrl is { } url)
            pod.Ports[2381] = new Uri(url).Port;
        return pod;
    }

    internal static FakePod Behind(
        JsonObject manifest,
        TestEtcdCluster cluster,
        int port,
        string ca,
        string certificate,
        string key,
        string etcdctl = "etcdctl"
    )
    {
        var pod = new FakePod(manifest);
        pod.Ports[port] = port;
        pod.Programs[etcdctl] = cluster.Binaries.Etcdctl;
        if (cluster.Certificates is not { } certificates)
            return pod;
        pod.Files[ca] = certificates.Ca;
        pod.Files[certificate] = certificates.Client.Certificate;
        pod.Files[key] = certificates.Client.Key;
        return pod;
    }
}

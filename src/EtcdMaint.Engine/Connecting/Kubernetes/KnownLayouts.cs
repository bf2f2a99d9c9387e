using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// The known layouts. The first one that matches is used. Sources: rancher/rke2 pkg/podtemplate; kubernetes/kubernetes
/// cmd/kubeadm/app/phases/etcd/local.go and cluster/gce/manifests/etcd.manifest; kubernetes/kops
/// docs/operations/etcd_administration.md and nodeup/pkg/model/networking/cilium.go; openshift/cluster-etcd-operator
/// bindata/etcd/pod.yaml; bitnami/charts.
/// </summary>
internal static class KnownLayouts
{
    private const string System = "kube-system";

    // The container of etcd-manager has the files of the node under /rootfs.
    private static readonly CertificatePaths KopsClient = In(
        "/rootfs/etc/kubernetes/pki/kube-apiserver",
        "etcd-ca.crt",
        "etcd-client.crt",
        "etcd-client.key"
    );

    public static readonly IReadOnlyList<EtcdLayout> All =
    [
        new("RKE2")
        {
            IsOfApiServer = true,
            Namespace = System,
            LabelSelector = "component=etcd",
            IsEtcd = pod => Mentions(pod, "/rancher/rke2/"),
            Container = "etcd",
            Certificates = In(
                "/var/lib/rancher/rke2/server/tls/etcd",
                "server-ca.crt",
                "server-client.crt",
                "server-client.key"
            ),
        },
        new("kubeadm")
        {
            IsOfApiServer = true,
            Namespace = System,
            LabelSelector = "component=etcd",
            Container = "etcd",
            Certificates = In("/etc/kubernetes/pki/etcd", "ca.crt", "server.crt", "server.key"),
        },
        Kops("main", 4001, KopsClient),
        Kops("events", 4002, KopsClient),
        Kops(
            "cilium",
            4003,
            In("/rootfs/etc/kubernetes/pki/cilium", "etcd-ca.crt", "etcd-client-cilium.crt", "etcd-client-cilium.key")
        ),
        new("kube-up")
        {
            IsOfApiServer = true,
            Namespace = System,
            IsEtcd = pod => IsNamed(pod, "etcd-server") && !IsNamed(pod, "etcd-server-events"),
            Container = "etcd-container",
            Certificates = In("/etc/kubernetes/ssl", "ca.pem", "etcd-client.pem", "etcd-client-key.pem"),
        },
        new("kube-up (events)")
        {
            Namespace = System,
            IsEtcd = pod => IsNamed(pod, "etcd-server-events"),
            Container = "etcd-container",
            Certificates = In("/etc/kubernetes/ssl", "ca.pem", "etcd-client.pem", "etcd-client-key.pem"),
        },
        new("static pods in kube-system")
        {
            IsOfApiServer = true,
            Namespace = System,
            IsEtcd = pod => IsNamed(pod, "etcd"),
            NeedsEtcdContainer = true,
        },
        new("OpenShift")
        {
            IsOfApiServer = true,
            // The guard pods of OpenShift have another label.
            Namespace = "openshift-etcd",
            LabelSelector = "app=etcd",
            Container = "etcd",
        },
        Labelled("app.kubernetes.io/name=etcd"),
        Labelled("app=etcd"),
        Labelled("k8s-app=etcd"),
        Labelled("app.kubernetes.io/component=etcd"),
    ];

    /// <summary>Returns the names of the layouts, for the message if none matches.</summary>
    public static string Describe() => string.Join(", ", All.Select(l => l.Name));

    private static EtcdLayout Kops(string cluster, int port, CertificatePaths client) =>
        new($"kOps etcd-manager ({cluster})")
        {
            IsOfApiServer = cluster == "main",
            Namespace = System,
            LabelSelector = $"k8s-app=etcd-manager-{cluster}",
            Container = "etcd-manager",
            ClientPort = port,
            Certificates = client,
        };

    private static EtcdLayout Labelled(string selector) =>
        new($"pods labelled {selector}")
        {
            LabelSelector = selector,
            NeedsEtcdContainer = true,
            EtcdctlPaths = ["/opt/bitnami/etcd/bin/etcdctl"],
        };

    private static CertificatePaths In(string folder, string ca, string certificate, string key) =>
        new($"{folder}/{ca}", $"{folder}/{certificate}", $"{folder}/{key}");

    private static bool IsNamed(V1Pod pod, string prefix) =>
        pod.Metadata.Name == prefix || pod.Metadata.Name.StartsWith(prefix + "-", StringComparison.Ordinal);

    private static bool Mentions(V1Pod pod, string text) =>
        pod.Spec.Containers.Any(c => PodCommand.Words(c).Any(w => w.Contains(text, StringComparison.Ordinal)))
        || (pod.Spec.Volumes ?? []).Any(v => v?.HostPath?.Contains(text, StringComparison.Ordinal) is true);
}

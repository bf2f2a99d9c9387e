using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Pods whose spec shows neither a URL nor a certificate: etcd's settings are in a file, or come from a launcher.
/// </summary>
public static class HiddenPods
{
    public const string CaPath = "/certs/ca.crt";
    public const string CertificatePath = "/certs/client.crt";
    public const string KeyPath = "/certs/client.key";

    public static IReadOnlyList<FakePod> ConfigFile(TestEtcdCluster cluster) =>
        Create(cluster, "etcd", "quay.io/coreos/etcd:v3.5.30", ["etcd", "--config-file=/etc/etcd/etcd.conf.yml"]);

    public static IReadOnlyList<FakePod> Launcher(TestEtcdCluster cluster) =>
        Create(
            cluster,
            "etcd",
            "registry.example/etcd:v3.5.30",
            ["/bin/sh", "-c", ". /etc/etcd.env; exec /scripts/launch.sh etcd"]
        );

    /// <summary>A launcher in the image: the spec has no command, and the image has another name.</summary>
    public static IReadOnlyList<FakePod> Wrapper(
        TestEtcdCluster cluster,
        string container = "etcd",
        string image = "registry.example/db/etcd-wrapper:v0.5"
    ) => Create(cluster, container, image, []);

    private static IReadOnlyList<FakePod> Create(
        TestEtcdCluster cluster,
        string name,
        string image,
        string[] command
    ) =>
        EtcdPods.Each(
            cluster,
            (_, node, port) =>
            {
                JsonObject container = PodManifest.Container(name, image, command);
                if (command.Length == 0)
                    container.Remove("command");
                JsonObject manifest = PodManifest
                    .Create($"kv-{node[^1] - '1'}", "data", node, [container])
                    .With("app", "etcd");
                return EtcdPods.Behind(manifest, cluster, port, CaPath, CertificatePath, KeyPath);
            }
        );
}

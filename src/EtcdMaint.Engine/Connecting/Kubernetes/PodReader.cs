using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Connecting.Nodes;
using EtcdMaint.Engine.Transport.Kubernetes;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>Reads the settings that are needed to reach etcd from the spec and status of a pod.</summary>
internal sealed class PodReader(KubernetesConnectRequest request)
{
    private static readonly string[] UsualPaths =
    [
        "etcdctl",
        "/usr/local/bin/etcdctl",
        "/usr/bin/etcdctl",
        "/bin/etcdctl",
    ];

    private static readonly Version FirstWithLocalList = new(3, 6);

    /// <summary>
    /// Returns null for an incomplete object, and for a pod without a container that is known to run etcd.
    /// </summary>
    public EtcdPod? Read(V1Pod pod, EtcdLayout layout)
    {
        if (!PodShape.IsWhole(pod) || EtcdContainer.Find(pod, layout, request) is not { } container)
            return null;
        var settings = new PodSettings(pod, container);
        V1ContainerStatus? status = pod.Status?.ContainerStatuses?.FirstOrDefault(s => s?.Name == container.Name);
        var given = new CertificatePaths(
            request.RemoteCACertificatePath,
            request.RemoteClientCertificatePath,
            request.RemoteClientKeyPath
        );
        CertificatePaths certificates = given.Or(settings.Certificates).Or(layout.Certificates);
        string? folder = settings.IsDataFolderCertain || HasOneDataVolume(pod, container) ? settings.DataFolder : null;
        return new EtcdPod
        {
            Namespace = pod.Metadata.Namespace,
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid ?? "",
            Node = pod.Spec.NodeName,
            Container = container.Name,
            IsTls = settings.IsTls ?? (!request.Tls.IsEmpty || !certificates.IsEmpty),
            ClientPort = request.ClientPort ?? settings.Port ?? layout.ClientPort,
            MetricsPort = settings.MetricsPort,
            InnerHosts = InnerHosts(settings),
            AdvertisedHost = settings.Advertised.FirstOrDefault()?.IdnHost,
            MemberName = settings.MemberName,
            Certificates = certificates,
            CertificatesFrom = Origin(
                certificates,
                (given, "parameters"),
                (settings.Certificates, "the pod spec"),
                (layout.Certificates, $"layout {layout.Name}")
            ),
            EtcdctlPaths = [.. UsualPaths, .. layout.EtcdctlPaths, .. KopsPaths(pod)],
            EtcdctlVariables = settings.EtcdctlVariables,
            Settings = settings.All,
            IsProbablyOld = EtcdImage.FindRelease(container.Image) is { } release && release < FirstWithLocalList,
            QuotaBytes = settings.QuotaBytes,
            ProbeBudget = ProbeBudget.Read(container, status?.Started ?? true),
            DataFolder = FindMount(container, folder) is null ? null : folder,
            DataVolume = DataVolume(pod, FindMount(container, folder)),
            Trouble = PodProblem.Find(pod, status),
            IsRunning = status?.State?.Running is not null && pod.Metadata.DeletionTimestamp is null,
        };
    }

    private static string Origin(CertificatePaths paths, params (CertificatePaths Paths, string Name)[] sources)
    {
        string? client = Array.Find(sources, s => s.Paths.HasClient).Name;
        string? authority = paths.CA is null ? null : Array.Find(sources, s => s.Paths.CA is not null).Name;
        return string.Join(" and ", new[] { client, authority }.OfType<string>().Distinct());
    }

    /// <summary>
    /// Returns the hosts of the addresses on which etcd listens, before the advertised ones. An address that means all
    /// addresses is reached at loopback.
    /// </summary>
    private static IReadOnlyList<string> InnerHosts(PodSettings settings)
    {
        IEnumerable<string> listening = settings
            .Listening.Select(u => u.IdnHost)
            .Select(ListenAddress.Reached)
            .OrderByDescending(ListenAddress.IsLoopback);
        string[] hosts = [.. listening, .. settings.Advertised.Select(u => u.IdnHost)];
        return hosts.Length == 0 ? ["127.0.0.1", "localhost"] : [.. hosts.Append("localhost").Distinct()];
    }

    /// <summary>kOps unpacks each etcd release into a folder that is an argument of its init containers.</summary>
    private static IEnumerable<string> KopsPaths(V1Pod pod) =>
        (pod.Spec.InitContainers ?? [])
            .OfType<V1Container>()
            .SelectMany(PodCommand.Words)
            .Where(w => w.StartsWith("--target-dir=/opt/etcd-v", StringComparison.Ordinal))
            .Select(w => w["--target-dir=".Length..])
            .Distinct()
            .OrderByDescending(folder =>
                Version.TryParse(folder["/opt/etcd-v".Length..], out Version? version) ? version : new Version()
            )
            .Select(folder => $"{folder}/etcdctl");

    /// <summary>Returns the mount at the folder or above it, or null if there is none.</summary>
    private static V1VolumeMount? FindMount(V1Container container, string? folder) =>
        (container.VolumeMounts ?? [])
            .Where(m =>
                folder is not null
                && m?.MountPath is not null
                && (folder + "/").StartsWith(m.MountPath.TrimEnd('/') + "/", StringComparison.Ordinal)
            )
            .MaxBy(m => m!.MountPath.Length);

    /// <summary>
    /// Whether the container has only one volume that stores data, which then contains the data folder.
    /// </summary>
    private static bool HasOneDataVolume(V1Pod pod, V1Container container) =>
        (container.VolumeMounts ?? [])
            .Select(m => pod.Spec.Volumes?.FirstOrDefault(v => v?.Name == m?.Name))
            .Where(v => v is { IsPersistentVolumeClaim: true } or { IsHostPath: true })
            .Distinct()
            .Count() == 1;

    /// <summary>
    /// Returns the volume if the kubelet measures it. The kubelet does not measure a folder of the node.
    /// </summary>
    private static string? DataVolume(V1Pod pod, V1VolumeMount? mount)
    {
        V1Volume? volume = mount is null ? null : pod.Spec.Volumes?.FirstOrDefault(v => v?.Name == mount.Name);
        return volume is { IsPersistentVolumeClaim: true } or { IsEmptyDir: true } ? volume.Name : null;
    }
}

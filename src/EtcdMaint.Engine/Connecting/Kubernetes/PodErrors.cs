using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>The errors that can occur between an API server that answers and its etcd pods.</summary>
internal static class PodErrors
{
    public const string SeveralClustersId = ErrorIds.SeveralEtcdClusters;

    public const string PathsUnknownId = ErrorIds.RemoteCertificatePathUnknown;

    public static EtcdException NoneFound(
        string api,
        string lookedFor,
        string? notAllowed,
        KubernetesConnectRequest request
    ) =>
        new(
            ErrorIds.NoEtcdPods,
            EtcdErrorCategory.ObjectNotFound,
            $"{api} shows no etcd pods. Searched: "
                + $"{lookedFor}.{(notAllowed is null ? "" : $" The search is incomplete: {notAllowed}")} "
                + "Managed control planes (such as EKS, GKE and AKS), k3s and Talos do not run etcd in "
                + "pods.",
            $"{Missing(request)} if etcd runs in pods. Otherwise, use -Endpoint or -SshHost.",
            api
        );

    /// <summary>The error if the user may not list pods in any namespace that was tried.</summary>
    public static EtcdException NowhereAllowed(EtcdException denied) =>
        new(
            denied.ErrorId,
            denied.Category,
            $"{denied.Message.TrimEnd('.')}, or in the other namespaces that usually contain etcd pods.",
            "Specify -Namespace if you can list pods in the namespace of the etcd pods. Otherwise, "
                + "ask for a role that allows it; the README lists the rights.",
            denied.Target,
            denied
        );

    public static EtcdException AllEnded(IEnumerable<V1Pod> pods) =>
        new(
            ErrorIds.PodNotRunning,
            EtcdErrorCategory.ResourceUnavailable,
            "None of the selected pods is running: "
                + $"{string.Join(", ", pods.Select(p => $"{Name(p)} ({p.Status?.Phase})"))}.",
            "Select running pods with -PodName or -LabelSelector."
        );

    public static EtcdException NoContainerChosen(V1Pod pod) =>
        new(
            ErrorIds.NoContainerChosen,
            EtcdErrorCategory.InvalidArgument,
            $"Pod {Name(pod)} has several containers, and its spec does not show which of them runs etcd: "
                + $"{string.Join(", ", pod.Spec.Containers.Select(c => c.Name))}.",
            "Specify the container that runs etcd with -Container.",
            Name(pod)
        );

    public static EtcdException ContainerMissing(string container, IEnumerable<string> pods) =>
        new(
            ErrorIds.ContainerNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"None of the pods has a container '{container}': {string.Join(", ", pods)}.",
            "Correct -Container, or omit it.",
            container
        );

    public static EtcdException SeveralClusters(IEnumerable<IGrouping<ulong, string>> clusters) =>
        new(
            SeveralClustersId,
            EtcdErrorCategory.InvalidArgument,
            "The pods belong to different etcd clusters: "
                + $"{string.Join("; ", clusters.Select(c => $"{HexId.Format(c.Key)} in {string.Join(", ", c)}"))}.",
            "Choose one with -Namespace, -PodName or -LabelSelector."
        );

    public static EtcdException PathsUnknown(EtcdPod pod) =>
        new(
            PathsUnknownId,
            EtcdErrorCategory.InvalidArgument,
            pod.Certificates.HasClient
                ? $"The certificate of the etcd in pod {pod} is not trusted there, and the pod spec does not "
                    + "contain the path of its CA certificate."
                : $"The etcd in pod {pod} requires a client certificate, and the pod spec does not contain its path.",
            "Specify -RemoteClientCertificatePath, -RemoteClientKeyPath and -RemoteCACertificatePath as "
                + "they are inside the container.",
            pod.ToString()
        );

    public static EtcdException CertificateUnread(EtcdPod pod, string path, string why, Exception? cause = null) =>
        new(
            ErrorIds.RemoteCertificateUnreadable,
            EtcdErrorCategory.ReadError,
            $"{path} in pod {pod} could not be read: {why.TrimEnd('.')}.",
            "Many etcd images contain no program that prints a file. Use -Access Exec, or specify "
                + "-ClientCertificate, -ClientKey and -CACertificate.",
            path,
            cause
        );

    private static string Name(V1Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";

    /// <summary>Returns the parameters that would select the pods, and that are missing or match none.</summary>
    private static string Missing(KubernetesConnectRequest request)
    {
        string? chosen =
            request.PodName.Count > 0 ? "-PodName"
            : request.LabelSelector is not null ? "-LabelSelector"
            : null;
        return (chosen, request.Namespace) switch
        {
            (null, null) => "Specify -Namespace, -PodName or -LabelSelector",
            (null, _) => "Specify -PodName or -LabelSelector, and -Container if the pods have several containers,",
            (_, null) => $"Correct {chosen}, or specify -Namespace,",
            _ => $"Correct {chosen} or -Namespace",
        };
    }
}

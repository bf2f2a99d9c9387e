using k8s.Models;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>What can go wrong between an API server that answers and an etcd that does.</summary>
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
            $"{api} shows no etcd pods; looked for "
                + $"{lookedFor}.{(notAllowed is null ? "" : $" Not everywhere: {notAllowed}")}"
                + " Managed control planes (EKS, GKE, AKS and the like), k3s and Talos run etcd, if any, "
                + "outside of pods.",
            $"{Missing(request)} if etcd does run in pods; else use -Endpoint or -SshHost.",
            api
        );

    /// <summary>Where the user may list pods in no namespace that was tried.</summary>
    public static EtcdException NowhereAllowed(EtcdException denied) =>
        new(
            denied.ErrorId,
            denied.Category,
            $"{denied.Message.TrimEnd('.')}, nor in the other namespaces where etcd pods usually are.",
            "Give -Namespace if you may list pods in that of the etcd pods; else have a role granted that "
                + "allows it, as the README lists.",
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

    private static string Name(V1Pod pod) => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";

    /// <summary>The parameters that would choose the pods, and were not given or lead to none.</summary>
    private static string Missing(KubernetesConnectRequest request)
    {
        string? chosen =
            request.PodName.Count > 0 ? "-PodName"
            : request.LabelSelector is not null ? "-LabelSelector"
            : null;
        return (chosen, request.Namespace) switch
        {
            (null, null) => "Give -Namespace, -PodName or -LabelSelector",
            (null, _) => "Give -PodName or -LabelSelector, and -Container where the pods have several,",
            (_, null) => $"Correct {chosen}, or give -Namespace,",
            _ => $"Correct {chosen} or -Namespace",
        };
    }
}

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>What can go wrong between an API server that answers and an etcd that does.</summary>
internal static class PodErrors
{
    public const string SeveralClustersId = "SeveralEtcdClusters";

    public static EtcdException NoneFound(string api, string lookedFor, string? notAllowed) => new(
        "NoEtcdPods",
        EtcdErrorCategory.ObjectNotFound,
        $"{api} shows no etcd pods; looked for {lookedFor}.{(notAllowed is null ? "" : $" Not everywhere: {notAllowed}")}"
        + " Managed control planes (EKS, GKE, AKS and the like), k3s and Talos run etcd, if any, outside of pods.",
        "Give -Namespace, -PodName or -LabelSelector if etcd does run in pods; else use -Endpoint or -SshHost.",
        api);

    public static EtcdException ContainerMissing(string container, IEnumerable<string> pods) => new(
        "ContainerNotFound",
        EtcdErrorCategory.ObjectNotFound,
        $"None of the pods has a container '{container}': {string.Join(", ", pods)}.",
        "Correct -Container, or leave it out to have it found.",
        container);

    public static EtcdException SeveralClusters(IEnumerable<IGrouping<ulong, string>> clusters) => new(
        SeveralClustersId,
        EtcdErrorCategory.InvalidArgument,
        $"The pods belong to different etcd clusters: {string.Join("; ", clusters.Select(c => $"{HexId.Format(c.Key)} in {string.Join(", ", c)}"))}.",
        "Choose one with -Namespace, -PodName or -LabelSelector.");

    public static EtcdException PathsUnknown(EtcdPod pod) => new(
        "RemoteCertificatePathUnknown",
        EtcdErrorCategory.InvalidArgument,
        pod.Certificates.HasClient
            ? $"The certificate of the etcd in pod {pod} is not trusted there, and the pod's spec does not tell where that of its authority lies."
            : $"The etcd in pod {pod} asks for a client certificate, and the pod's spec does not tell where one lies.",
        "Give -RemoteClientCertificatePath, -RemoteClientKeyPath and -RemoteCACertificatePath as they are inside the container.",
        pod.ToString());

    public static EtcdException CertificateUnread(EtcdPod pod, string path, string why, Exception? cause = null) => new(
        "RemoteCertificateUnreadable",
        EtcdErrorCategory.ReadError,
        $"{path} in pod {pod} could not be read: {why.TrimEnd('.')}.",
        "Many etcd images have no program that prints a file. Use -Access Exec, or give the certificates with -ClientCertificate, -ClientKey and -CACertificate.",
        path,
        cause);
}

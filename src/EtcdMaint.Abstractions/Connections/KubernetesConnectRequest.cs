namespace EtcdMaint;

/// <summary>Connects to etcd pods through a Kubernetes API server.</summary>
internal sealed record KubernetesConnectRequest : ConnectRequest
{
    /// <summary>
    /// A kubeconfig file. Null uses the same sources as kubectl: the listed files, else the file in the home folder,
    /// else the account of the pod.
    /// </summary>
    public string? KubeConfig { get; init; }

    /// <summary>The full paths of the files that <c>KUBECONFIG</c> lists; empty if it lists none.</summary>
    public IReadOnlyList<string> ListedKubeConfigs { get; init; } = [];

    /// <summary>The context to use; null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>The namespace of the pods; null to search the namespaces of the known layouts.</summary>
    public string? Namespace { get; init; }

    /// <summary>The names of the pods, with wildcards; empty for the pods that a layout selects.</summary>
    public IReadOnlyList<string> PodName { get; init; } = [];

    public string? LabelSelector { get; init; }

    /// <summary>The container in which etcd runs; null to find it.</summary>
    public string? Container { get; init; }

    /// <summary>The client port; null to read it from the pod spec.</summary>
    public int? ClientPort { get; init; }

    public EtcdPodAccess Access { get; init; }

    /// <summary>Whether the module may read a private key from the pod into the memory of this process.</summary>
    public bool ReadCertificateFromPod { get; init; }

    public string? RemoteCACertificatePath { get; init; }

    public string? RemoteClientCertificatePath { get; init; }

    public string? RemoteClientKeyPath { get; init; }

    protected override string Target =>
        Context is null ? "the current Kubernetes context" : $"the Kubernetes context '{Context}'";
}

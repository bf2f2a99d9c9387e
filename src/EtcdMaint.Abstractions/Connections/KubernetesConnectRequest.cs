namespace EtcdMaint;

/// <summary>Through a Kubernetes API server to the etcd pods behind it.</summary>
internal sealed record KubernetesConnectRequest : ConnectRequest
{
    /// <summary>
    /// A kubeconfig file; null reads what kubectl would: the files listed, else the one at home, else the pod's own
    /// account.
    /// </summary>
    public string? KubeConfig { get; init; }

    /// <summary>The files that <c>KUBECONFIG</c> lists, each a full path; empty where it lists none.</summary>
    public IReadOnlyList<string> ListedKubeConfigs { get; init; } = [];

    /// <summary>The context to use; null takes the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Where the pods are; null looks where the known layouts have them.</summary>
    public string? Namespace { get; init; }

    /// <summary>Names of the pods, with wildcards; empty takes those that a layout chooses.</summary>
    public IReadOnlyList<string> PodName { get; init; } = [];

    public string? LabelSelector { get; init; }

    /// <summary>The container in which etcd runs; null finds it.</summary>
    public string? Container { get; init; }

    /// <summary>The port for clients; null reads it off the pod.</summary>
    public int? ClientPort { get; init; }

    public EtcdPodAccess Access { get; init; }

    /// <summary>Whether a private key may leave the pod, into this process's memory.</summary>
    public bool ReadCertificateFromPod { get; init; }

    public string? RemoteCACertificatePath { get; init; }

    public string? RemoteClientCertificatePath { get; init; }

    public string? RemoteClientKeyPath { get; init; }

    protected override string Target =>
        Context is null ? "the current Kubernetes context" : $"the Kubernetes context '{Context}'";
}

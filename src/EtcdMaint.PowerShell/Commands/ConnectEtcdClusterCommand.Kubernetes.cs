using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The way in through a Kubernetes API server.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    private const string KubernetesSet = "Kubernetes";

    /// <summary>Through Kubernetes, with the configuration that kubectl would use.</summary>
    [Parameter(ParameterSetName = KubernetesSet)]
    public SwitchParameter Kubernetes { get; set; }

    /// <summary>A kubeconfig file in place of the one that kubectl would use.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? KubeConfig { get; set; }

    /// <summary>The context to use in place of the current one.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [Narrowing]
    public string? Context { get; set; }

    /// <summary>The namespace of the etcd pods; the known layouts are tried unless given.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [Narrowing]
    public string? Namespace { get; set; }

    /// <summary>Names of the etcd pods; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    [Narrowing]
    public string[]? PodName { get; set; }

    /// <summary>A label selector that chooses the etcd pods.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? LabelSelector { get; set; }

    /// <summary>The port for clients in the pods, 1 to 65535; read off each pod unless given.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing(typeof(int))]
    public int? ClientPort { get; set; }

    /// <summary>How the etcd in a pod is talked to.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [EmptyCellAsNull(typeof(EtcdPodAccess))]
    public EtcdPodAccess? Access { get; set; }

    /// <summary>Let a private key leave a pod, into the memory of this process only.</summary>
    [Parameter(ParameterSetName = KubernetesSet)]
    public SwitchParameter ReadCertificateFromPod { get; set; }

    // An empty variable or cell must not turn into kubectl's current context, which nobody chose.
    private bool AsksForNothing =>
        !Kubernetes
        && (IsBound(nameof(Context)) || IsBound(nameof(KubeConfig)))
        && NullIfBlank(Context) is null
        && NullIfBlank(KubeConfig) is null;

    private KubernetesConnectRequest ToKubernetesRequest() =>
        new()
        {
            KubeConfig = NullIfBlank(KubeConfig) is { } path ? GetUnresolvedProviderPathFromPSPath(path) : null,
            ListedKubeConfigs = KubeConfigVariable.Files(SessionState.Path),
            Context = AsksForNothing ? throw InputErrors.NoContextGiven() : NullIfBlank(Context),
            Namespace = NullIfBlank(Namespace),
            PodName = [.. (PodName ?? []).Where(name => !string.IsNullOrWhiteSpace(name))],
            LabelSelector = NullIfBlank(LabelSelector),
            Container = NullIfBlank(Container),
            ClientPort = ClientPort is < 1 or > ushort.MaxValue
                ? throw InputErrors.ClientPortOutOfRange(ClientPort.Value)
                : ClientPort,
            Access = Access ?? EtcdPodAccess.Auto,
            ReadCertificateFromPod = ReadCertificateFromPod,
            RemoteCACertificatePath = NullIfBlank(RemoteCACertificatePath),
            RemoteClientCertificatePath = NullIfBlank(RemoteClientCertificatePath),
            RemoteClientKeyPath = NullIfBlank(RemoteClientKeyPath),
        };
}

using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for access through a Kubernetes API server.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    private const string KubernetesSet = "Kubernetes";

    /// <summary>Whether to connect through Kubernetes, with the configuration that kubectl would use.</summary>
    [Parameter(ParameterSetName = KubernetesSet)]
    public SwitchParameter Kubernetes { get; set; }

    /// <summary>A kubeconfig file to use instead of the one that kubectl would use.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? KubeConfig { get; set; }

    /// <summary>The context to use instead of the current one.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [Narrowing]
    public string? Context { get; set; }

    /// <summary>The namespace of the etcd pods. By default, the known layouts are tried.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [Narrowing]
    public string? Namespace { get; set; }

    /// <summary>The names of the etcd pods. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    [Narrowing]
    public string[]? PodName { get; set; }

    /// <summary>A label selector that selects the etcd pods.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? LabelSelector { get; set; }

    /// <summary>The client port in the pods, from 1 to 65535. By default, it is read from each pod.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing(typeof(int))]
    public int? ClientPort { get; set; }

    /// <summary>How the module connects to the etcd in a pod.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [EmptyCellAsNull(typeof(EtcdPodAccess))]
    public EtcdPodAccess? Access { get; set; }

    /// <summary>Whether the module may read a private key from a pod into the memory of this process.</summary>
    [Parameter(ParameterSetName = KubernetesSet)]
    public SwitchParameter ReadCertificateFromPod { get; set; }

    // An empty variable or cell must not select the current context of kubectl, which the user did not specify.
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

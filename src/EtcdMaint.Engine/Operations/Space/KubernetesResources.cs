namespace EtcdMaint.Engine.Operations.Space;

/// <summary>
/// Where the Kubernetes API server stores its built-in resources below its prefix. It stores most without their group,
/// and some under an old name. Custom resources, and the resources of aggregated groups, are stored with their group.
/// </summary>
/// <remarks>
/// Source: kubernetes/kubernetes, pkg/kubeapiserver/default_storage_factory_builder.go and pkg/registry.
/// </remarks>
internal static class KubernetesResources
{
    /// <summary>The prefixes of API servers: the default of <c>--etcd-prefix</c>, and those of OpenShift.</summary>
    public static readonly IReadOnlyList<string> Roots = ["/kubernetes.io/", "/openshift.io/", "/registry/"];

    /// <summary>The events, which only record what happened.</summary>
    public const string Events = "events";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["apiextensions.k8s.io/customresourcedefinitions"] = "customresourcedefinitions.apiextensions.k8s.io",
        ["apiregistration.k8s.io/apiservices"] = "apiservices.apiregistration.k8s.io",
        ["certificatesigningrequests"] = "certificatesigningrequests.certificates.k8s.io",
        ["clusterrolebindings"] = "clusterrolebindings.rbac.authorization.k8s.io",
        ["clusterroles"] = "clusterroles.rbac.authorization.k8s.io",
        ["configmaps"] = "configmaps",
        ["controllerrevisions"] = "controllerrevisions.apps",
        ["controllers"] = "replicationcontrollers",
        ["cronjobs"] = "cronjobs.batch",
        ["csidrivers"] = "csidrivers.storage.k8s.io",
        ["csinodes"] = "csinodes.storage.k8s.io",
        ["csistoragecapacities"] = "csistoragecapacities.storage.k8s.io",
        ["daemonsets"] = "daemonsets.apps",
        ["deployments"] = "deployments.apps",
        ["endpointslices"] = "endpointslices.discovery.k8s.io",
        ["events"] = Events,
        ["flowschemas"] = "flowschemas.flowcontrol.apiserver.k8s.io",
        ["horizontalpodautoscalers"] = "horizontalpodautoscalers.autoscaling",
        ["ingress"] = "ingresses.networking.k8s.io",
        ["ingressclasses"] = "ingressclasses.networking.k8s.io",
        ["ipaddresses"] = "ipaddresses.networking.k8s.io",
        ["jobs"] = "jobs.batch",
        ["leases"] = "leases.coordination.k8s.io",
        ["limitranges"] = "limitranges",
        ["minions"] = "nodes",
        ["mutatingwebhookconfigurations"] = "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        ["namespaces"] = "namespaces",
        ["networkpolicies"] = "networkpolicies.networking.k8s.io",
        ["persistentvolumeclaims"] = "persistentvolumeclaims",
        ["persistentvolumes"] = "persistentvolumes",
        ["poddisruptionbudgets"] = "poddisruptionbudgets.policy",
        ["pods"] = "pods",
        ["podtemplates"] = "podtemplates",
        ["priorityclasses"] = "priorityclasses.scheduling.k8s.io",
        ["prioritylevelconfigurations"] = "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        ["replicasets"] = "replicasets.apps",
        ["resourcequotas"] = "resourcequotas",
        ["rolebindings"] = "rolebindings.rbac.authorization.k8s.io",
        ["roles"] = "roles.rbac.authorization.k8s.io",
        ["runtimeclasses"] = "runtimeclasses.node.k8s.io",
        ["secrets"] = "secrets",
        ["serviceaccounts"] = "serviceaccounts",
        ["servicecidrs"] = "servicecidrs.networking.k8s.io",
        ["services/endpoints"] = "endpoints",
        ["services/specs"] = "services",
        ["statefulsets"] = "statefulsets.apps",
        ["storageclasses"] = "storageclasses.storage.k8s.io",
        ["validatingadmissionpolicies"] = "validatingadmissionpolicies.admissionregistration.k8s.io",
        ["validatingadmissionpolicybindings"] = "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        ["validatingwebhookconfigurations"] = "validatingwebhookconfigurations.admissionregistration.k8s.io",
        ["volumeattachments"] = "volumeattachments.storage.k8s.io",
    };

    /// <summary>Keys of the API server itself, which kubectl does not show.</summary>
    private static readonly string[] Internal = ["masterleases", "peerserverleases", "ranges"];

    /// <summary>Where built-in resources are stored, in the order of etcd.</summary>
    public static IReadOnlyList<string> StoredAt { get; } =
    [.. Names.Keys.Concat(Internal).Order(StringComparer.Ordinal)];

    /// <summary>Returns the name of the resource as kubectl accepts it.</summary>
    /// <param name="storedAt">Its path below the prefix of the API server, without a slash at the end.</param>
    public static string NameOf(string storedAt)
    {
        if (Names.TryGetValue(storedAt, out string? name))
            return name;
        int slash = storedAt.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? storedAt : $"{storedAt[(slash + 1)..]}.{storedAt[..slash]}";
    }

    /// <summary>
    /// Returns the kubectl line that shows the objects, or removes the events of a namespace; null for keys that
    /// kubectl does not show. kubectl accepts all namespaces for resources without one, too.
    /// </summary>
    public static string? CommandFor(string storedAt, string? inNamespace)
    {
        if (Array.Exists(Internal, own => own == storedAt))
            return null;
        string resource = NameOf(storedAt);
        string where = inNamespace is null ? " --all-namespaces" : $" --namespace {inNamespace}";
        return resource == Events && inNamespace is not null
            ? $"kubectl delete {resource} --all{where}"
            : $"kubectl get {resource}{where}";
    }
}

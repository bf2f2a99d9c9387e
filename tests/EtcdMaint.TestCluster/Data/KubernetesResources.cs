namespace EtcdMaint.TestCluster;

/// <summary>
/// Resources in the order of how many objects they usually have. The API server stores its own resources without their
/// group, some of them under a name of its first releases, and custom resources with their group.
/// </summary>
internal static class KubernetesResources
{
    public const string Namespaces = "namespaces";
    public const string ApiServices = "apiregistration.k8s.io/apiservices";
    public const string CustomDefinitions = "apiextensions.k8s.io/customresourcedefinitions";
    public const string ApiServerLeases = "masterleases";

    private static readonly KubernetesResource[] Known =
    [
        new("events", "events", true, 900, NameStyle.Event),
        new("pods", "pods", true, 3_800, NameStyle.Pod),
        new("replicasets.apps", "replicasets", true, 2_400, NameStyle.ReplicaSet),
        Custom("policyreports", "wgpolicyk8s.io", 3_000),
        new("secrets", "secrets", true, 2_800),
        new("configmaps", "configmaps", true, 4_000),
        new("endpointslices.discovery.k8s.io", "endpointslices", true, 1_300),
        new("leases.coordination.k8s.io", "leases", true, 500),
        Custom("certificaterequests", "cert-manager.io", 5_000),
        new("serviceaccounts", "serviceaccounts", true, 400),
        new("services", "services/specs", true, 1_100),
        new("endpoints", "services/endpoints", true, 900),
        new("deployments.apps", "deployments", true, 3_200),
        CustomClusterWide("ciliumidentities", "cilium.io", 700),
        new("nodes", "minions", false, 6_000, NameStyle.Node),
        new("clusterroles.rbac.authorization.k8s.io", "clusterroles", false, 1_200, NameStyle.Role),
        new("customresourcedefinitions.apiextensions.k8s.io", CustomDefinitions, false, 12_000),
        new("apiservices.apiregistration.k8s.io", ApiServices, false, 800),
        new(Namespaces, Namespaces, false, 600),
        new("persistentvolumes", "persistentvolumes", false, 1_500, NameStyle.Volume),
        // The first 20 resources are the default of a data set.
        new("persistentvolumeclaims", "persistentvolumeclaims", true, 1_200),
        Custom("ciliumendpoints", "cilium.io", 1_800, NameStyle.Pod),
        new("jobs.batch", "jobs", true, 2_200),
        new("rolebindings.rbac.authorization.k8s.io", "rolebindings", true, 600),
        new("roles.rbac.authorization.k8s.io", "roles", true, 700),
        new("controllerrevisions.apps", "controllerrevisions", true, 2_600, NameStyle.ReplicaSet),
        Custom("taskruns", "tekton.dev", 6_000, NameStyle.Pod),
        new("ingresses.networking.k8s.io", "ingress", true, 1_400),
        new("networkpolicies.networking.k8s.io", "networkpolicies", true, 900),
        new("poddisruptionbudgets.policy", "poddisruptionbudgets", true, 800),
        new("horizontalpodautoscalers.autoscaling", "horizontalpodautoscalers", true, 1_600),
        new("statefulsets.apps", "statefulsets", true, 3_600),
        new("daemonsets.apps", "daemonsets", true, 3_800),
        new("cronjobs.batch", "cronjobs", true, 2_000),
        Custom("certificates", "cert-manager.io", 1_500),
        Custom("orders", "acme.cert-manager.io", 2_000),
        Custom("applications", "argoproj.io", 9_000),
        Custom("servicemonitors", "monitoring.coreos.com", 1_100),
        Custom("prometheusrules", "monitoring.coreos.com", 8_000),
        Custom("services", "serving.knative.dev", 2_500),
        Custom("backups", "velero.io", 2_000),
        CustomClusterWide("ciliumnodes", "cilium.io", 2_400, NameStyle.Node),
        CustomClusterWide("clusterpolicies", "kyverno.io", 4_000),
        new("clusterrolebindings.rbac.authorization.k8s.io", "clusterrolebindings", false, 700, NameStyle.Role),
        new("volumeattachments.storage.k8s.io", "volumeattachments", false, 900),
        new("csinodes.storage.k8s.io", "csinodes", false, 700, NameStyle.Node),
        new("csistoragecapacities.storage.k8s.io", "csistoragecapacities", true, 600),
        new("certificatesigningrequests.certificates.k8s.io", "certificatesigningrequests", false, 3_000),
        new("resourcequotas", "resourcequotas", true, 800),
        new("limitranges", "limitranges", true, 600),
        new("podtemplates", "podtemplates", true, 1_800),
        new("replicationcontrollers", "controllers", true, 2_000),
        new("storageclasses.storage.k8s.io", "storageclasses", false, 900),
        new("priorityclasses.scheduling.k8s.io", "priorityclasses", false, 400),
        new("ingressclasses.networking.k8s.io", "ingressclasses", false, 500),
        new("flowschemas.flowcontrol.apiserver.k8s.io", "flowschemas", false, 900),
        new(
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingwebhookconfigurations",
            false,
            5_000
        ),
        // These records of the API servers are no resource of the API.
        new(ApiServerLeases, ApiServerLeases, false, 80),
    ];

    private static readonly string[] MorePlurals =
    [
        "clusters",
        "databases",
        "restores",
        "topics",
        "users",
        "buckets",
        "queues",
        "policies",
        "gateways",
        "pods",
    ];

    // One group begins with another one.
    private static readonly string[] MoreGroups =
    [
        "queue.example.com",
        "queue.example.com.au",
        "db.example.com",
        "cloud.example.net",
        "iam.example.net",
        "network.example.net",
        "storage.example.net",
        "apps.example.org",
        "mesh.example.org",
        "ml.example.org",
        "edge.example.org",
        "ci.example.io",
        "audit.example.io",
        "data.example.io",
        "crd.projectcalico.example",
    ];

    public static int Count => Known.Length + (MoreGroups.Length * MorePlurals.Length);

    public static IEnumerable<KubernetesResource> Take(int count) => Known.Concat(More()).Take(count);

    private static IEnumerable<KubernetesResource> More() =>
        MoreGroups.SelectMany(
            (group, groupNumber) =>
                MorePlurals.Select(
                    (plural, pluralNumber) =>
                        (groupNumber + pluralNumber) % 5 == 0
                            ? CustomClusterWide(plural, group, MeanOf(groupNumber, pluralNumber))
                            : Custom(plural, group, MeanOf(groupNumber, pluralNumber))
                )
        );

    private static int MeanOf(int group, int plural) => 400 + (((group * 7) + (plural * 3)) % 10 * 400);

    private static KubernetesResource Custom(
        string plural,
        string group,
        int meanBytes,
        NameStyle style = NameStyle.Plain
    ) => new($"{plural}.{group}", $"{group}/{plural}", true, meanBytes, style) { IsCustom = true };

    private static KubernetesResource CustomClusterWide(
        string plural,
        string group,
        int meanBytes,
        NameStyle style = NameStyle.Plain
    ) => new($"{plural}.{group}", $"{group}/{plural}", false, meanBytes, style) { IsCustom = true };
}

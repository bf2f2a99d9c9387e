namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>Tells cheaply whether kubectl would have anything to go by here, before its large library is loaded.</summary>
internal static class KubernetesTraces
{
    public static bool AreThere =>
        IsSet("KUBECONFIG") || IsSet("KUBERNETES_SERVICE_HOST")
        || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"));

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}

namespace EtcdMaint.Engine.Clusters.Kubernetes;

/// <summary>Tells cheaply whether kubectl would have anything to go by here without being told, before its large library is loaded.</summary>
internal static class KubernetesTraces
{
    public static bool AreThere =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"));
}

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Tells cheaply whether kubectl would have anything to go by here without being told, before its large library is
/// loaded.
/// </summary>
internal static class KubectlConfigDetector
{
    public static bool AreThere =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        || File.Exists(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")
        );
}

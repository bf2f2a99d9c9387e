namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Checks quickly whether kubectl has a configuration here, before the library that reads it is loaded.
/// </summary>
internal static class KubectlConfigDetector
{
    public static bool AreThere =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        || File.Exists(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")
        );
}

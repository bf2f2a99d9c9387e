using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Checks quickly whether kubectl has a configuration here, before the large library of Kubernetes is loaded.
/// </summary>
internal static class KubectlConfigDetector
{
    public static bool AreThere =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        || HomeKubeConfig.Find() is not null;
}

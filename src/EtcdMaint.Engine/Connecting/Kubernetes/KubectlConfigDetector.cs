using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Connecting.Kubernetes;

/// <summary>
/// Checks quickly whether kubectl has a configuration here, before the library that reads it is loaded.
/// </summary>
internal static class KubectlConfigDetector
{
    public static bool AreThere =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        || HomeKubeConfig.Find() is not null;
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transports.Kubernetes;

/// <summary>The client certificate of a kubeconfig.</summary>
internal static class KubeCertificate
{
    public static X509Certificate2 Load(string certificatePem, string keyPem)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);

            // Windows' TLS does not take a key that lives in memory only (dotnet/runtime#23749).
            return RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
                ? new X509Certificate2(certificate.Export(X509ContentType.Pkcs12))
                : certificate;
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw KubeConfigErrors.Unusable(
                "The client certificate and key of the kubeconfig cannot be used together.", "Correct the kubeconfig, or get a new one.", null, cause);
        }
    }
}

using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>Loads the client certificate of a kubeconfig with the chain that follows it in the same PEM.</summary>
internal static class KubeCertificate
{
    public static TlsSettings Load(string certificatePem, string keyPem, TlsKeyStore? keys = null)
    {
        try
        {
            return TlsLoader.Load(
                new TlsRequest
                {
                    ClientCertificate = CertificateSource.FromPem(certificatePem),
                    ClientKey = CertificateSource.FromPem(keyPem),
                },
                keys
            );
        }
        catch (EtcdException cause) when (cause.ErrorId != ErrorIds.ClientKeyNotStored)
        {
            throw KubeConfigErrors.Unusable(
                "The client certificate and key of the kubeconfig cannot be used together.",
                "Correct the kubeconfig, or get a new one.",
                null,
                cause
            );
        }
    }
}

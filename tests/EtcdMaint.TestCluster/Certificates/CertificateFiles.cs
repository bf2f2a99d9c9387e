namespace EtcdMaint.TestCluster;

/// <summary>A certificate and its key, both PEM files.</summary>
public sealed record CertificateFiles(string Certificate, string Key)
{
    public string CertificatePem => File.ReadAllText(Certificate);

    public string KeyPem => File.ReadAllText(Key);
}

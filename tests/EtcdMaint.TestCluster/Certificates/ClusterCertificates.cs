using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.TestCluster;

/// <summary>
/// The certificates of one cluster, and on request invalid ones that it must reject, as files in the cluster's folder.
/// </summary>
public sealed class ClusterCertificates : IDisposable
{
    private static readonly CertificateSubject ServerSubject = new("etcd-server")
    {
        HostNames = ["localhost"],
        Addresses = ["127.0.0.1", "::1"],
        ForServer = true,
    };

    private readonly CertificateAuthority _authority = new("EtcdMaint test cluster");
    private readonly string _folder;

    internal ClusterCertificates(string folder, string clientName)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Ca = WriteAuthority("ca", _authority);
        Server = Write("server", ServerSubject);
        Peer = Write("peer", ServerSubject with { CommonName = "etcd-peer" });
        Client = Write("client", new CertificateSubject(clientName));
    }

    /// <summary>The path of the authority's certificate.</summary>
    public string Ca { get; }

    /// <summary>
    /// The certificate that the members present to clients; see <see cref="TestEtcdCluster.PresentServerCertificate"/>.
    /// </summary>
    public CertificateFiles Server { get; }

    public CertificateFiles Peer { get; }

    public CertificateFiles Client { get; }

    /// <summary>A valid client certificate; with auth enabled, etcd uses its common name as the user name.</summary>
    public CertificateFiles ClientNamed(string commonName) =>
        Write($"client-{commonName}", new CertificateSubject(commonName));

    /// <summary>A client certificate that is valid until the given time, to the second.</summary>
    public CertificateFiles ClientUntil(DateTimeOffset end) =>
        Write("client-brief", new CertificateSubject("brief-client") { ValidUntil = end });

    public CertificateFiles ExpiredClient() =>
        Write("client-expired", new CertificateSubject("expired-client").Expired());

    /// <summary>The certificate of an authority that the cluster does not know.</summary>
    public string ForeignCa() => Foreign().Ca;

    /// <summary>A client certificate of an authority that the cluster does not know.</summary>
    public CertificateFiles ForeignClient() => Foreign().Client;

    /// <summary>The client certificate, with an encrypted key.</summary>
    public CertificateFiles EncryptedKey(string password)
    {
        var file = Path.Combine(_folder, "client-encrypted.key");
        using var key = ECDsa.Create();
        key.ImportFromPem(Client.KeyPem);
        PrivateFile.Write(
            file,
            key.ExportEncryptedPkcs8PrivateKeyPem(
                password,
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)
            )
        );
        return Client with { Key = file };
    }

    /// <summary>The client certificate with a key that does not match.</summary>
    public CertificateFiles MismatchedKey() =>
        Client with
        {
            Key = Write("client-other", new CertificateSubject("other")).Key,
        };

    /// <summary>The client certificate and its key in one PKCS#12 file.</summary>
    public string ClientPfx(string password)
    {
        var file = Path.Combine(_folder, "client.pfx");
        using var client = X509Certificate2.CreateFromPemFile(Client.Certificate, Client.Key);
        PrivateFile.Write(file, client.Export(X509ContentType.Pfx, password));
        return file;
    }

    public CertificateFiles ExpiredServer() => Write("server-expired", ServerSubject.Expired());

    /// <summary>A server certificate for a host name only, so that no address matches it.</summary>
    public CertificateFiles ServerForName(string hostName) =>
        Write($"server-{hostName}", ServerSubject with { HostNames = [hostName], Addresses = [] });

    /// <summary>
    /// A server certificate of an intermediate authority, with the authority's own file. The server sends it with or
    /// without the intermediate's certificate.
    /// </summary>
    public (string Intermediate, CertificateFiles Server) ServerOfIntermediate(bool isSentWithIt)
    {
        using CertificateAuthority intermediate = _authority.IssueIntermediate("EtcdMaint intermediate");
        CertificateFiles server = Write("server-of-intermediate", ServerSubject, intermediate);
        if (isSentWithIt)
            File.AppendAllText(server.Certificate, $"\n{intermediate.CertificatePem}\n");
        return (WriteAuthority("intermediate", intermediate), server);
    }

    public void Dispose() => _authority.Dispose();

    private (string Ca, CertificateFiles Client) Foreign()
    {
        using var authority = new CertificateAuthority("Somebody else");
        return (
            WriteAuthority("foreign-ca", authority),
            Write("foreign-client", new CertificateSubject("foreign"), authority)
        );
    }

    private string WriteAuthority(string name, CertificateAuthority authority)
    {
        var file = Path.Combine(_folder, $"{name}.crt");
        File.WriteAllText(file, authority.CertificatePem);
        return file;
    }

    private CertificateFiles Write(string name, CertificateSubject subject, CertificateAuthority? authority = null)
    {
        var files = new CertificateFiles(Path.Combine(_folder, $"{name}.crt"), Path.Combine(_folder, $"{name}.key"));
        using var issued = (authority ?? _authority).Issue(subject);
        using var key = issued.GetECDsaPrivateKey()!;
        File.WriteAllText(files.Certificate, issued.ExportCertificatePem());
        PrivateFile.Write(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}

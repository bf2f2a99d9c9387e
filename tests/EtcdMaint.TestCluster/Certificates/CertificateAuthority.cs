using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.TestCluster;

/// <summary>A certificate authority for short tests, with keys on the curve P-256.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _certificate;

    public CertificateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = Request(name, key)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>A new certificate with its private key.</summary>
    public X509Certificate2 Issue(CertificateSubject subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject.CommonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Purposes(subject), false));
        if (subject.HasKeyIdentifier)
            request.CertificateExtensions.Add(
                X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false)
            );
        if (subject.HostNames.Count + subject.Addresses.Count > 0)
            request.CertificateExtensions.Add(AlternativeNames(subject));

        using var issued = request.Create(
            _certificate,
            subject.ValidFrom,
            subject.ValidUntil,
            RandomNumberGenerator.GetBytes(12)
        );
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>An intermediate authority, issued by this one.</summary>
    public CertificateAuthority IssueIntermediate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false)
        );
        using var issued = request.Create(
            _certificate,
            DateTimeOffset.UtcNow.AddDays(-20),
            DateTimeOffset.UtcNow.AddDays(20),
            RandomNumberGenerator.GetBytes(12)
        );
        return new CertificateAuthority(issued.CopyWithPrivateKey(key));
    }

    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static OidCollection Purposes(CertificateSubject subject)
    {
        var purposes = new OidCollection();
        if (subject.ForServer)
            purposes.Add(ServerAuthentication);
        if (subject.ForClient)
            purposes.Add(ClientAuthentication);
        return purposes;
    }

    private static X509Extension AlternativeNames(CertificateSubject subject)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in subject.HostNames)
            names.AddDnsName(name);
        foreach (var address in subject.Addresses)
            names.AddIpAddress(IPAddress.Parse(address));
        return names.Build();
    }
}

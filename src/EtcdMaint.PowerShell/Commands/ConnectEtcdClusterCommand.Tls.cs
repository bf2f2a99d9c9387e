using System.Management.Automation;
using System.Security;

namespace EtcdMaint.Cmdlets;

/// <content>Certificates, the login and what else every way in needs to talk to etcd.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    /// <summary>The authority that signed the servers' certificates.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? CACertificate { get; set; }

    /// <summary>The certificate to show to the servers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? ClientCertificate { get; set; }

    /// <summary>The key of the client certificate, when it is not in the same place.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CertificateSource]
    public CertificateSource? ClientKey { get; set; }

    /// <summary>The password of an encrypted key or PFX file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SecureString? ClientKeyPassword { get; set; }

    /// <summary>The etcd user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Do not check the servers' certificates.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The name to expect in the servers' certificates, when it is not the host's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ServerName { get; set; }

    /// <summary>The backend quota to assume where no member tells its own, in bytes; 0 is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCellAsNull(typeof(long), As = 0L)]
    public long? QuotaBytes { get; set; }

    private TlsRequest ToTlsRequest() =>
        new()
        {
            CACertificate = Existing(CACertificate, nameof(CACertificate)),
            ClientCertificate = Existing(ClientCertificate, nameof(ClientCertificate)),
            ClientKey = Existing(ClientKey, nameof(ClientKey)),
            ClientKeyPassword = ClientKeyPassword,
            ServerName = NullIfBlank(ServerName),
            SkipCertificateCheck = SkipCertificateCheck,
        };

    private static CertificateSource? Existing(CertificateSource? source, string parameter) =>
        source?.Path is string path && !File.Exists(path)
            ? throw InputErrors.CertificateUnusable(parameter, path)
            : source;
}

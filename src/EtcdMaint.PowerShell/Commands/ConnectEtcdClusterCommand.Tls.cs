using System.Management.Automation;
using System.Security;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for certificates and the login, which apply to every access.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    /// <summary>The authority that signed the certificates of the servers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("CACert")]
    [CertificateSource]
    public CertificateSource? CACertificate { get; set; }

    /// <summary>The client certificate to present to the servers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Cert")]
    [CertificateSource]
    public CertificateSource? ClientCertificate { get; set; }

    /// <summary>The key of the client certificate, if it is stored separately.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [CertificateSource]
    public CertificateSource? ClientKey { get; set; }

    /// <summary>The password of an encrypted key or PFX file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SecureString? ClientKeyPassword { get; set; }

    /// <summary>The etcd user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Whether to skip the verification of the server certificates.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The name to expect in the server certificates, if it differs from the host.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ServerName { get; set; }

    /// <summary>The backend quota in bytes for members that do not report theirs; 0 counts as not specified.</summary>
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

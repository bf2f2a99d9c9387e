using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The address of an API server and the user for it. Its certificates are disposed with the connection.
/// </summary>
internal sealed class ApiServerSettings : IDisposable
{
    public required Uri Server { get; init; }

    /// <summary>The name of the context or of another source of the settings, for messages.</summary>
    public required string Name { get; init; }

    public string? Namespace { get; init; }

    /// <summary>The CAs to trust instead of those of the machine; empty to use those of the machine.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    public bool SkipCertificateCheck { get; init; }

    /// <summary>The name to verify instead of the host of the server.</summary>
    public string? ServerName { get; init; }

    /// <summary>The proxy of the kubeconfig, or null to use the environment variables.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Makes the connections to the server or its proxy.</summary>
    public IDialer Dialer { get; init; } = new TcpDialer();

    /// <summary>
    /// The client certificate of the kubeconfig. The certificate of a plugin is requested when it is needed.
    /// </summary>
    public TlsSettings? Client { get; init; }

    public ITokenProvider? Token { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>The user to act as: the <c>Impersonate-*</c> headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];

    public void Dispose()
    {
        foreach (X509Certificate2 authority in Authorities)
            authority.Dispose();
        Client?.Dispose();
        (Token as ExecPlugin)?.Dispose();
    }
}

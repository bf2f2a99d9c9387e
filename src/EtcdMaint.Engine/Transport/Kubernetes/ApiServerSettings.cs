using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using k8s.Authentication;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>All that is needed to talk to one API server as somebody.</summary>
internal sealed class ApiServerSettings
{
    public required Uri Server { get; init; }

    /// <summary>The context's name, or what else the settings came from; for people.</summary>
    public required string Name { get; init; }

    public string? Namespace { get; init; }

    /// <summary>The authorities to trust instead of the machine's own; empty for the machine's own.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    public bool SkipCertificateCheck { get; init; }

    /// <summary>The name to verify instead of the server's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The proxy of the kubeconfig; null leaves it to the environment's variables.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Makes the connections to the server or its proxy.</summary>
    public IDialer Dialer { get; init; } = new TcpDialer();

    /// <summary>
    /// The client certificate that stands in the kubeconfig; a plugin's is asked for when it is needed.
    /// </summary>
    public TlsSettings? Client { get; init; }

    public ITokenProvider? Token { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Who to act as: the <c>Impersonate-*</c> headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];
}

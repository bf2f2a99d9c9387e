using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// The service account of the pod in which this process runs. Source: kubernetes/client-go, rest/config.go
/// (InClusterConfig).
/// </summary>
/// <param name="folder">The folder in which the kubelet mounts the account.</param>
/// <param name="variable">Reads a variable of the environment.</param>
internal sealed class ServiceAccount(string folder, Func<string, string?> variable)
{
    /// <summary>The account of the pod of this process.</summary>
    public static ServiceAccount Own { get; } =
        new("/var/run/secrets/kubernetes.io/serviceaccount", Environment.GetEnvironmentVariable);

    private string TokenPath => Path.Combine(folder, "token");

    private string AuthorityPath => Path.Combine(folder, "ca.crt");

    private string NamespacePath => Path.Combine(folder, "namespace");

    /// <summary>Whether this process runs in a pod with an account.</summary>
    public bool IsThere =>
        variable("KUBERNETES_SERVICE_HOST") is { Length: > 0 }
        && variable("KUBERNETES_SERVICE_PORT") is { Length: > 0 }
        && File.Exists(TokenPath)
        && File.Exists(AuthorityPath);

    /// <summary>Reads the settings. The kubelet renews the token, so it is read again for each request.</summary>
    /// <exception cref="CryptographicException">The file of the CA contains no certificate.</exception>
    /// <exception cref="FormatException">The port is not a number.</exception>
    public ApiServerSettings Load(string name)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(PemText.Of(LimitedRead.CertificateFile(AuthorityPath)));
        if (authorities.Count == 0)
            throw new CryptographicException($"{AuthorityPath} contains no certificate.");
        int port = int.Parse(variable("KUBERNETES_SERVICE_PORT")!, NumberStyles.None, CultureInfo.InvariantCulture);
        return new ApiServerSettings
        {
            Server = new UriBuilder(Uri.UriSchemeHttps, variable("KUBERNETES_SERVICE_HOST"), port).Uri,
            Name = name,
            Namespace = File.Exists(NamespacePath) ? File.ReadAllText(NamespacePath).Trim() : null,
            Authorities = authorities,
            Token = new TokenFile(TokenPath),
        };
    }
}

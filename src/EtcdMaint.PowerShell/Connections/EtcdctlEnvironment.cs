using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The cluster that etcdctl's own environment variables name, all read at one moment: they are the process's, and another
/// runspace may change them while this one connects.
/// </summary>
internal sealed class EtcdctlEnvironment
{
    // Keyed, so that a fingerprint tells nothing of a short password, and is worth nothing outside this process.
    private static readonly byte[] FingerprintKey = RandomNumberGenerator.GetBytes(32);

    private static readonly string[] Names =
    [
        "ENDPOINTS", "DISCOVERY_SRV", "CACERT", "CERT", "KEY", "USER", "PASSWORD", "INSECURE_SKIP_TLS_VERIFY",
    ];

    private readonly Dictionary<string, string?> _values = Names.ToDictionary(name => name, Read);

    private readonly CertificateSource? _caCertificate;

    private readonly CertificateSource? _clientCertificate;

    private readonly CertificateSource? _clientKey;

    private EtcdctlEnvironment(Func<string, string> resolvePath)
    {
        _caCertificate = File("CACERT", resolvePath);
        _clientCertificate = File("CERT", resolvePath);
        _clientKey = File("KEY", resolvePath);
    }

    public bool SkipsCertificateCheck => Value("INSECURE_SKIP_TLS_VERIFY")?.ToLowerInvariant() is "1" or "t" or "true";

    /// <summary>The variables as they are now; null when they name no cluster.</summary>
    /// <param name="resolvePath">Makes a path full, from where the user stands; called on the pipeline thread only.</param>
    public static EtcdctlEnvironment? Read(Func<string, string> resolvePath) =>
        Read("ENDPOINTS") is null && Read("DISCOVERY_SRV") is null ? null : new EtcdctlEnvironment(resolvePath);

    public string Fingerprint()
    {
        string all = string.Join('\0', Names.Select(name => Value(name) ?? ""));
        return Convert.ToHexString(HMACSHA256.HashData(FingerprintKey, Encoding.UTF8.GetBytes(all)));
    }

    public EndpointConnectRequest ToRequest(TimeSpan timeout)
    {
        (string? user, string? password) = Login();
        return new EndpointConnectRequest
        {
            Endpoint = Value("ENDPOINTS") is string endpoints ? [endpoints] : [],
            DiscoverySrv = Value("DISCOVERY_SRV"),
            UserName = user,
            Password = password is null ? null : ToSecure(password),
            CallTimeout = timeout,
            Tls = new TlsRequest
            {
                CACertificate = _caCertificate,
                ClientCertificate = _clientCertificate,
                ClientKey = _clientKey,
                SkipCertificateCheck = SkipsCertificateCheck,
            },
        };
    }

    // As etcdctl reads it: name:password in one, unless the password has a variable of its own.
    private (string? User, string? Password) Login()
    {
        if (Value("USER") is not string user)
            return (null, null);
        if (Value("PASSWORD") is string password)
            return (user, password);

        int colon = user.IndexOf(':');
        return colon < 0 ? (user, null) : (user[..colon], user[(colon + 1)..]);
    }

    private static SecureString ToSecure(string text)
    {
        var secure = new SecureString();
        foreach (char character in text)
            secure.AppendChar(character);
        secure.MakeReadOnly();
        return secure;
    }

    private string? Value(string name) => _values[name];

    private static string? Read(string name)
    {
        string? value = Environment.GetEnvironmentVariable("ETCDCTL_" + name);
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }

    private CertificateSource? File(string name, Func<string, string> resolvePath) =>
        Value(name) is string path ? CertificateSource.FromFile(resolvePath(path)) : null;
}

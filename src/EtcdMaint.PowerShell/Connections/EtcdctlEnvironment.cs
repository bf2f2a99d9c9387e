using System.Security.Cryptography;
using System.Text;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The cluster that the environment variables of etcdctl specify. All variables are read at the same time, because they
/// belong to the process, and another runspace can change them while this one connects. docs/etcdctl-variables.md
/// describes the effect of each variable.
/// </summary>
internal sealed class EtcdctlEnvironment
{
    // A keyed hash, so that a fingerprint does not reveal a short password and cannot be used outside this process.
    private static readonly byte[] FingerprintKey = RandomNumberGenerator.GetBytes(32);

    private readonly EtcdctlVariable _endpoints = new("ENDPOINTS");
    private readonly EtcdctlVariable _discoverySrv = new("DISCOVERY_SRV");
    private readonly EtcdctlVariable _discoverySrvName = new("DISCOVERY_SRV_NAME");
    private readonly EtcdctlVariable _insecureDiscovery = new("INSECURE_DISCOVERY");
    private readonly EtcdctlVariable _insecureTransport = new("INSECURE_TRANSPORT");
    private readonly EtcdctlVariable _skipCheck = new("INSECURE_SKIP_TLS_VERIFY");
    private readonly EtcdctlVariable _authority = new("CACERT");
    private readonly EtcdctlVariable _certificate = new("CERT");
    private readonly EtcdctlVariable _key = new("KEY");
    private readonly EtcdctlVariable _user = new("USER");
    private readonly EtcdctlVariable _password = new("PASSWORD");
    private readonly EtcdctlVariable _token = new("AUTH_JWT_TOKEN");
    private readonly EtcdctlVariable _api = new("API");

    private readonly CertificateSource? _caCertificate;

    private readonly CertificateSource? _clientCertificate;

    private readonly CertificateSource? _clientKey;

    private EtcdctlEnvironment(Func<string, string> resolvePath)
    {
        _caCertificate = File(_authority, resolvePath);
        _clientCertificate = File(_certificate, resolvePath);
        _clientKey = File(_key, resolvePath);
    }

    /// <exception cref="EtcdException">The value is not a switch.</exception>
    public bool SkipsCertificateCheck => _skipCheck.IsOn(unset: false);

    private bool NamesCluster => _endpoints.NotBlank is not null || _discoverySrv.NotBlank is not null;

    /// <summary>Reads the current variables; null if they specify no cluster.</summary>
    /// <param name="resolvePath">Resolves a path from the current location. It is called on the pipeline thread
    /// only.</param>
    public static EtcdctlEnvironment? Read(Func<string, string> resolvePath)
    {
        var read = new EtcdctlEnvironment(resolvePath);
        return read.NamesCluster ? read : null;
    }

    public string Fingerprint()
    {
        EtcdctlVariable[] all =
        [
            _endpoints,
            _discoverySrv,
            _discoverySrvName,
            _insecureDiscovery,
            _insecureTransport,
            _skipCheck,
            _authority,
            _certificate,
            _key,
            _user,
            _password,
            _token,
            _api,
        ];
        string text = string.Join<EtcdctlVariable>('\0', all);
        return Convert.ToHexString(HMACSHA256.HashData(FingerprintKey, Encoding.UTF8.GetBytes(text)));
    }

    /// <exception cref="EtcdException">A variable requires something that the module does not support.</exception>
    public EndpointConnectRequest ToRequest(TimeSpan timeout)
    {
        RequireKnown();
        EtcdctlLogin? login = EtcdctlLogin.Read(_user, _password);
        string? domain = _discoverySrv.NotBlank;
        bool mayBePlain = _insecureDiscovery.IsOn(unset: true);
        return new EndpointConnectRequest
        {
            Endpoint = _endpoints.NotBlank is { } endpoints ? [endpoints] : [],
            DiscoverySrv = domain,
            DiscoverySrvName = _discoverySrvName.Value,
            UserName = login?.UserName,
            Password = login?.Password,
            CallTimeout = timeout,
            Tls = new TlsRequest
            {
                CACertificate = _caCertificate,
                ClientCertificate = _clientCertificate,
                ClientKey = _clientKey,
                SkipCertificateCheck = SkipsCertificateCheck,
                IsRequired = !_insecureTransport.IsOn(unset: true),

                // As in etcdctl, the certificates of the servers that DNS returns must then be valid for the domain.
                ServerName = mayBePlain ? null : domain,
            },
        };
    }

    private void RequireKnown()
    {
        if (_api.Value is not (null or "3"))
            throw InputErrors.EtcdctlVariableUnsupported(
                _api.Name,
                $"is '{_api.Value}', and only version 3 of etcd's API is supported",
                "Unset the variable, or set it to 3"
            );
        if (_token.Value is not null)
            throw InputErrors.EtcdctlVariableUnsupported(
                _token.Name,
                "is set, and a login by such a token is not supported",
                "Unset it, and use ETCDCTL_USER or a client certificate"
            );
    }

    private static CertificateSource? File(EtcdctlVariable path, Func<string, string> resolvePath) =>
        path.Value is { } text ? CertificateSource.FromFile(resolvePath(text)) : null;
}

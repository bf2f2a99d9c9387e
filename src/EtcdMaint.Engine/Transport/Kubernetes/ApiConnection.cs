using System.Net;
using System.Text;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Makes the HTTP connections to an API server, with trust, client certificate and proxy. Requests and WebSockets share
/// it, so both log in and are refused in the same way.
/// </summary>
internal static class ApiConnection
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    // The values of client-go. They detect a connection that broke while it was idle.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(10);

    /// <param name="settings">The address and the user.</param>
    /// <param name="isForOneRequest">Whether each request gets its own connection. The server may have closed a
    /// connection that was used before. .NET then sends the request again without being asked, although it may have
    /// arrived.</param>
    public static HttpMessageHandler Create(ApiServerSettings settings, bool isForOneRequest = false) =>
        new CredentialHandler(settings)
        {
            InnerHandler = settings.Token is ExecPlugin plugin
                ? new PluginCertificateHandler(
                    plugin,
                    certificate => CreateSockets(settings, settings.Client ?? certificate, isForOneRequest)
                )
                : CreateSockets(settings, settings.Client, isForOneRequest),
        };

    public static Uri Address(ApiServerSettings settings)
    {
        var address = new UriBuilder(settings.Server);
        if (!address.Path.EndsWith('/'))
            address.Path += "/";
        return address.Uri;
    }

    private static SocketsHttpHandler CreateSockets(
        ApiServerSettings settings,
        TlsSettings? client,
        bool isForOneRequest
    )
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new TlsSettings
            {
                Authorities = settings.Authorities,
                Client = client?.Client,
                Intermediates = client?.Intermediates ?? [],
                SkipCertificateCheck = settings.SkipCertificateCheck,
            }.CreateOptions(),
            ConnectCallback = (to, cancellationToken) =>
                settings.Dialer.DialAsync(to.DnsEndPoint.Host, to.DnsEndPoint.Port, cancellationToken),
            ConnectTimeout = ConnectLimit,
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,

            // User names can contain characters outside ASCII; kubectl sends UTF-8.
            RequestHeaderEncodingSelector = static (name, _) =>
                name.StartsWith(Impersonation.Prefix, StringComparison.OrdinalIgnoreCase)
                    ? new RepeatedHeader(name)
                    : Encoding.UTF8,
            MaxConnectionsPerServer = int.MaxValue,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            PooledConnectionLifetime = isForOneRequest ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingLimit,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        };
        Uri? proxy = settings.Proxy ?? ProxyVariables.Own.Find(settings.Server);
        handler.UseProxy = proxy is not null;
        if (proxy is not null)
            handler.Proxy = CreateProxy(proxy);
        return handler;
    }

    /// <summary>.NET does not use the login in the address, and shows the address in its errors.</summary>
    private static WebProxy CreateProxy(Uri address)
    {
        var proxy = new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        string[] login = address.UserInfo.Split(':', 2);
        if (login[0].Length > 0)
            proxy.Credentials = new NetworkCredential(
                Uri.UnescapeDataString(login[0]),
                login.Length > 1 ? Uri.UnescapeDataString(login[1]) : ""
            );
        return proxy;
    }
}

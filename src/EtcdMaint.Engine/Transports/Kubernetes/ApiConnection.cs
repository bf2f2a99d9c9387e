using System.Net;

namespace EtcdMaint.Engine.Transports.Kubernetes;

/// <summary>
/// Makes the HTTP connections to an API server: trust, client certificate, proxy. Requests and WebSockets share it, so
/// that both log in and are refused in the same way.
/// </summary>
internal static class ApiConnection
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <param name="settings">Where to, and as whom.</param>
    /// <param name="isForOneRequest">
    /// Whether each request gets a connection of its own. One that was used before may have been closed by the other
    /// side, and .NET then sends the request again unasked, although it may have arrived.
    /// </param>
    public static HttpMessageHandler Create(ApiServerSettings settings, bool isForOneRequest = false)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new TlsSettings
            {
                Authorities = settings.Authorities,
                Client = settings.Client,
                SkipCertificateCheck = settings.SkipCertificateCheck,
            }.CreateOptions(),
            ConnectTimeout = ConnectLimit,
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = int.MaxValue,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            PooledConnectionLifetime = isForOneRequest ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
        };
        if (settings.Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);
        if (settings.ServerName is not null && settings.Proxy is null)
            handler.ConnectCallback = (_, stop) => new TcpDialer().DialAsync(settings.Server.IdnHost, settings.Server.Port, stop);
        return new CredentialHandler(settings) { InnerHandler = handler };
    }

    /// <summary>Where requests are addressed: the name to verify is taken from here (SslOptions.TargetHost is ignored).</summary>
    public static Uri Address(ApiServerSettings settings)
    {
        var address = new UriBuilder(settings.Server);
        if (settings.ServerName is { } name && settings.Proxy is null)
            address.Host = name;
        if (!address.Path.EndsWith('/'))
            address.Path += "/";
        return address.Uri;
    }
}

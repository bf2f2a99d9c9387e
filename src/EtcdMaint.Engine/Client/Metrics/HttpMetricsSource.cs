using System.Net.Security;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Client.Metrics;

/// <summary>
/// Reads the metrics at a URL over the streams of a dialer. The connection is kept for some seconds, which covers the
/// consecutive checks of a run.
/// </summary>
internal sealed class HttpMetricsSource : IMetricsSource
{
    // The limit is short, because a member without TLS waits during its shutdown for client connections that have sent
    // nothing yet.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(5);

    // A connection attempt continues after its request has timed out.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly EtcdEndpoint _endpoint;
    private readonly IDialer _dialer;
    private readonly Func<TlsSettings>? _tls;
    private readonly Lazy<HttpClient> _http;
    private TlsSettings? _loaded;

    /// <param name="endpoint">The scheme, host and port of the URL.</param>
    /// <param name="dialer">Makes the streams.</param>
    /// <param name="tls">Loads the TLS settings when a page is first read, and the source disposes them. Only an https
    /// URL needs it.</param>
    public HttpMetricsSource(EtcdEndpoint endpoint, IDialer dialer, Func<TlsSettings>? tls = null)
    {
        _endpoint = endpoint;
        _dialer = dialer;
        _tls = tls;
        _http = new Lazy<HttpClient>(CreateClient);
    }

    public async Task<MemberMetrics> ReadAsync(CallBudget limit)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        over.CancelAfter(limit.Timeout > TimeSpan.Zero ? limit.Timeout : TimeSpan.Zero);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
            request.Headers.AcceptEncoding.Add(new("gzip"));
            using HttpResponseMessage response = await _http
                .Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over.Token)
                .ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await MetricsPage.ReadAsync(response.Content, over.Token).ConfigureAwait(false)
                : throw new DialException(
                    (int)response.StatusCode < 500 ? CallFailure.NotEtcd : CallFailure.Other,
                    $"{_endpoint} answered with HTTP status {(int)response.StatusCode}"
                );
        }
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or IOException
                        or InvalidDataException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or EtcdException
            )
        {
            limit.Stop.ThrowIfCancellationRequested();
            throw Explain(error);
        }
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
        _loaded?.Dispose();
    }

    private HttpClient CreateClient()
    {
        _loaded = _endpoint.IsTls ? _tls?.Invoke() : null;
        var dialer = new SecureDialer(_endpoint, _dialer, _loaded ?? TlsSettings.None);
        return new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = (_, cancellationToken) =>
                    new ValueTask<Stream>(dialer.OpenAsync(SslApplicationProtocol.Http11, cancellationToken)),
                ConnectTimeout = ConnectLimit,
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null,
                PooledConnectionIdleTimeout = IdleLimit,
            }
        )
        {
            BaseAddress = _endpoint.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private DialException Explain(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (cause is DialException known)
                return known;
        CallFailure failure = error switch
        {
            OperationCanceledException => CallFailure.TimedOut,
            InvalidDataException or MetricsPageTooLargeException => CallFailure.NotEtcd,
            EtcdException => CallFailure.CertificateUnreadable,
            _ => CallFailure.ConnectionLost,
        };
        return new DialException(failure, $"the metrics at {_endpoint} could not be read: {error.Message}", error);
    }
}

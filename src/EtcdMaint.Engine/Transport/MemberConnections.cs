using System.Net;
using System.Net.Security;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// The connections to one endpoint: HTTP/2 for the gRPC calls, and HTTP/1.1 where it is needed. They are established
/// again after they were lost.
/// </summary>
internal sealed class MemberConnections : IDisposable
{
    // The server closes connections that send pings more often than every 5 s (its --grpc-keepalive-min-time). The
    // server answers pings during a defragmentation, and pings prevent load balancers from closing a silent call.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);

    // Bytes. .NET starts at the 64 KB of HTTP/2 and enlarges the window by its measurements. In some processes it never
    // does, and a snapshot then waits for every window update.
    private const int StreamWindow = 2 << 20;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    // A connection that is established after its request was cancelled is kept for the next request. A member without
    // TLS does not stop while a client is connected that has sent nothing yet. In HTTP/2, the client sends its first
    // bytes without a request.
    private static readonly TimeSpan PlainIdleLimit = TimeSpan.FromSeconds(5);

    private readonly SecureDialer _dialer;
    private readonly PreconnectedStream _first;
    private readonly HttpClient _http2;
    private readonly Lazy<HttpClient> _http1;
    private readonly bool _mayReconnect;

    /// <param name="dialer">Makes the connections.</param>
    /// <param name="mayReconnect">Whether a lost connection may be replaced.</param>
    public MemberConnections(SecureDialer dialer, bool mayReconnect)
    {
        _dialer = dialer;
        _mayReconnect = mayReconnect;
        _first = new PreconnectedStream(cancellationToken =>
            dialer.OpenAsync(SslApplicationProtocol.Http2, cancellationToken)
        );
        _http2 = CreateClient(DialFirstAsync, IdleLimit);
        _http1 = new Lazy<HttpClient>(() => CreateClient(DialAsync, PlainIdleLimit));
        Grpc = GrpcChannel.ForAddress(
            dialer.Endpoint.Uri,
            new GrpcChannelOptions
            {
                // Given only the handler, the channel would add its load balancer, which one address does not need.
                HttpClient = _http2,
                DisposeHttpClient = true,
                MaxReceiveMessageSize = SizeLimits.GrpcMessage,
                MaxSendMessageSize = null,

                // The size limit does not apply to decompressed messages, and etcd compresses no message without being
                // asked.
                CompressionProviders = [],
            }
        );
    }

    public GrpcChannel Grpc { get; }

    /// <summary>
    /// HTTP/1.1 over a separate connection, to find the reason why no HTTP/2 connection could be made.
    /// </summary>
    public HttpClient Http => _http1.Value;

    /// <summary>
    /// Sends a plain HTTP request. With TLS, etcd serves it on the connection of the gRPC calls. Without TLS, each
    /// connection to its port carries either gRPC or plain HTTP. Source: etcd-io/etcd, server/embed/serve.go.
    /// </summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new("gzip") } } };
        if (!_dialer.Endpoint.IsTls)
            return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return _http2.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose()
    {
        Grpc.Dispose();
        if (_http1.IsValueCreated)
            _http1.Value.Dispose();
        _first.Dispose();
    }

    private HttpClient CreateClient(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> dial,
        TimeSpan idleLimit
    ) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = dial,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                EnableMultipleHttp2Connections = false,
                InitialHttp2StreamWindowSize = StreamWindow,
                KeepAlivePingDelay = PingDelay,
                KeepAlivePingTimeout = PingDelay,
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
                PooledConnectionIdleTimeout = idleLimit,
            }
        )
        {
            BaseAddress = _dialer.Endpoint.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = SizeLimits.MetricsPage,
        };

    private ValueTask<Stream> DialFirstAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    ) =>
        new(
            _first.Take(cancellationToken)
                ?? (
                    _mayReconnect
                        ? _dialer.OpenAsync(SslApplicationProtocol.Http2, cancellationToken)
                        : throw new SingleConnectionLostException()
                )
        );

    private ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        new(_dialer.OpenAsync(SslApplicationProtocol.Http11, cancellationToken));
}

/// <summary>The only connection that the channel may make was lost, so the call was not sent.</summary>
internal sealed class SingleConnectionLostException()
    : IOException("the connection over which the member was verified was lost");

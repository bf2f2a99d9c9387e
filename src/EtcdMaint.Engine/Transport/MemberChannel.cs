using System.Net;
using System.Net.Security;
using EtcdMaint.Engine.Client.Metrics;
using EtcdMaint.Engine.Transport.Tcp;
using EtcdMaint.Engine.Transport.Tls;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Transport;

/// <summary>The HTTP/2 connection under the gRPC calls to one endpoint, made again when it is lost.</summary>
internal sealed class MemberChannel : IDisposable
{
    // The server closes connections that ping more often than every 5 s (its --grpc-keepalive-min-time). Pings are
    // answered during a defragmentation, and keep load balancers from cutting a silent call.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);

    // Bytes. From HTTP/2's own 64 KB .NET widens it by what it measures, in some processes never, and a snapshot then
    // waits for every permission to go on.
    private const int StreamWindow = 2 << 20;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    // A connection that came about after its request was given up is kept for the next one, and a member without TLS
    // does not end while anybody is connected who has said nothing yet. Over HTTP/2 the first words need no request.
    private static readonly TimeSpan PlainIdleLimit = TimeSpan.FromSeconds(5);

    private readonly SecureDialer _dialer;
    private readonly PreconnectedStream _first;
    private readonly HttpClient _http2;
    private readonly Lazy<HttpClient> _http1;
    private readonly bool _mayReconnect;

    /// <param name="dialer">Makes the connections.</param>
    /// <param name="mayReconnect">Whether another connection may take the place of one that is lost.</param>
    public MemberChannel(SecureDialer dialer, bool mayReconnect = true)
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
                // Given the handler alone, the channel would put its load balancer on top of it: one address needs
                // none.
                HttpClient = _http2,
                DisposeHttpClient = true,
                MaxReceiveMessageSize = SizeLimits.GrpcMessage,
                MaxSendMessageSize = null,

                // The limit does not hold for what a compressed message becomes, and etcd compresses none unasked.
                CompressionProviders = [],
            }
        );
    }

    public GrpcChannel Grpc { get; }

    /// <summary>HTTP/1.1 over a connection of its own, for finding out why no other could be made.</summary>
    public HttpClient Http => _http1.Value;

    /// <summary>
    /// A plain request. Behind TLS etcd serves it on the connection that carries the gRPC calls; without, each
    /// connection to its port is for one or the other. Source: etcd-io/etcd, server/embed/serve.go.
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

/// <summary>The only connection that a channel may make is gone, so the call was not sent.</summary>
internal sealed class SingleConnectionLostException()
    : IOException("the connection over which the member was verified is gone");

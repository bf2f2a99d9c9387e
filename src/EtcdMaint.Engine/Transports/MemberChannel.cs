using System.Net;
using System.Net.Security;
using Grpc.Net.Client;

namespace EtcdMaint.Engine.Transports;

/// <summary>
/// The HTTP/2 connection under the gRPC calls to one endpoint. It counts the connections that it makes, and can be
/// told not to make another, so that a call which must reach one particular process travels on the connection over
/// which that process has just answered, or not at all.
/// </summary>
internal sealed class MemberChannel : IDisposable
{
    // The server closes connections that ping more often than every 5 s (its --grpc-keepalive-min-time). Pings are
    // answered during a defragmentation, and keep load balancers from cutting a silent call.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);

    // Bytes. From HTTP/2's own 64 KB .NET widens it by what it measures, in some processes never, and a snapshot then waits
    // for every permission to go on.
    private const int StreamWindow = 2 << 20;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    // A connection that came about after its request was given up is kept for the next one, and a member without TLS does
    // not end while anybody is connected who has said nothing yet. Over HTTP/2 the first words need no request.
    private static readonly TimeSpan PlainIdleLimit = TimeSpan.FromSeconds(5);

    private readonly SecureDialer _dialer;
    private readonly EarlyStream _first;
    private readonly HttpClient _http2;
    private readonly Lazy<HttpClient> _http1;
    private int _connections;
    private volatile bool _isPinned;

    public MemberChannel(SecureDialer dialer)
    {
        _dialer = dialer;
        _first = new EarlyStream(stop => dialer.OpenAsync(SslApplicationProtocol.Http2, stop));
        _http2 = CreateClient(DialCountedAsync, IdleLimit);
        _http1 = new Lazy<HttpClient>(() => CreateClient(DialAsync, PlainIdleLimit));
        Grpc = GrpcChannel.ForAddress(dialer.Endpoint.Uri, new GrpcChannelOptions
        {
            // Given the handler alone, the channel would put its load balancer on top of it: one address needs none.
            HttpClient = _http2,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = SizeLimits.GrpcMessage,
            MaxSendMessageSize = null,

            // The limit does not hold for what a compressed message becomes, and etcd compresses none unasked.
            CompressionProviders = [],
        });
    }

    public GrpcChannel Grpc { get; }

    /// <summary>HTTP/1.1 over a connection of its own, for finding out why no other could be made.</summary>
    public HttpClient Http => _http1.Value;

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>
    /// A plain request. Behind TLS etcd serves it on the connection that carries the gRPC calls; without, each connection
    /// to its port is for one or the other. Source: etcd-io/etcd, server/embed/serve.go.
    /// </summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new("gzip") } } };
        if (!_dialer.Endpoint.IsTls)
            return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return _http2.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    /// <summary>From now until disposed, no new connection is made.</summary>
    public IDisposable Pin() => new PinScope(this);

    public void Dispose()
    {
        Grpc.Dispose();
        if (_http1.IsValueCreated)
            _http1.Value.Dispose();
        _first.Dispose();
    }

    private HttpClient CreateClient(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> dial, TimeSpan idleLimit) => new(new SocketsHttpHandler
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
    })
    {
        BaseAddress = _dialer.Endpoint.Uri,
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = SizeLimits.MetricsPage,
    };

    private async ValueTask<Stream> DialCountedAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        if (_isPinned)
            throw new PinnedChannelException();
        Stream stream = await (_first.Take(stop) ?? _dialer.OpenAsync(SslApplicationProtocol.Http2, stop)).ConfigureAwait(false);
        Interlocked.Increment(ref _connections);
        return stream;
    }

    private ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken stop) => new(_dialer.OpenAsync(SslApplicationProtocol.Http11, stop));

    private sealed class PinScope : IDisposable
    {
        private readonly MemberChannel _channel;

        public PinScope(MemberChannel channel)
        {
            _channel = channel;
            channel._isPinned = true;
        }

        public void Dispose() => _channel._isPinned = false;
    }
}

/// <summary>The verified connection is gone, and the call was not sent over another.</summary>
internal sealed class PinnedChannelException : IOException
{
    public PinnedChannelException()
        : base("the connection over which the member was verified is gone")
    {
    }
}

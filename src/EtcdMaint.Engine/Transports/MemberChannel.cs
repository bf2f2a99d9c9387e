using System.Net;
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

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    private readonly EtcdEndpoint _endpoint;
    private readonly IDialer _dialer;
    private readonly TlsSettings _tls;
    private readonly Lazy<HttpClient> _http;
    private int _connections;
    private volatile bool _isPinned;

    public MemberChannel(EtcdEndpoint endpoint, IDialer dialer, TlsSettings tls)
    {
        _endpoint = endpoint;
        _dialer = dialer;
        _tls = tls;
        Grpc = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            // Given the handler alone, the channel would put its load balancer on top of it: one address needs none.
            HttpClient = new HttpClient(CreateHandler(DialCountedAsync)) { Timeout = Timeout.InfiniteTimeSpan },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        _http = new Lazy<HttpClient>(() => new HttpClient(CreateHandler(DialAsync)) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan });
    }

    public GrpcChannel Grpc { get; }

    /// <summary>HTTP/1.1 over the same way, for metrics and for finding out why a handshake failed.</summary>
    public HttpClient Http => _http.Value;

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    // The name to verify is taken from the address (SslOptions.TargetHost is ignored), while the dialer goes to the host.
    private Uri Address => (_tls.ServerName is null ? _endpoint : _endpoint with { Host = _tls.ServerName }).Uri;

    /// <summary>From now until disposed, no new connection is made.</summary>
    public IDisposable Pin() => new PinScope(this);

    public void Dispose()
    {
        Grpc.Dispose();
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    private SocketsHttpHandler CreateHandler(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> dial) => new()
    {
        ConnectCallback = dial,
        SslOptions = _tls.CreateOptions(),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        EnableMultipleHttp2Connections = false,
        KeepAlivePingDelay = PingDelay,
        KeepAlivePingTimeout = PingDelay,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = IdleLimit,
    };

    private async ValueTask<Stream> DialCountedAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        if (_isPinned)
            throw new PinnedChannelException();
        Stream stream = await DialAsync(context, stop).ConfigureAwait(false);
        Interlocked.Increment(ref _connections);
        return stream;
    }

    private ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken stop) =>
        _dialer.DialAsync(_endpoint.Host, _endpoint.Port, stop);

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

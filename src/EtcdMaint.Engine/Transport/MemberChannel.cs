using EtcdMaint.Engine.Transport.Tls;
using Grpc.Core;

namespace EtcdMaint.Engine.Transport;

/// <summary>
/// The channel of the calls to one endpoint. It connects when it is created. Its connections can be closed while no
/// call uses them, and the next call makes new ones.
/// </summary>
internal sealed class MemberChannel : IDisposable
{
    private readonly SecureDialer _dialer;
    private readonly bool _mayReconnect;
    private readonly object _gate = new();
    private MemberConnections? _open;
    private bool _isDisposed;

    /// <param name="dialer">Makes the connections.</param>
    /// <param name="mayReconnect">Whether a lost connection may be replaced.</param>
    public MemberChannel(SecureDialer dialer, bool mayReconnect = true)
    {
        (_dialer, _mayReconnect) = (dialer, mayReconnect);
        _open = new MemberConnections(dialer, mayReconnect);
        Calls = new CurrentInvoker(this);
    }

    /// <summary>Sends gRPC calls over the current connections.</summary>
    public CallInvoker Calls { get; }

    /// <summary>The common name in the client certificate, or null if none is presented.</summary>
    public string? ClientName => _dialer.Endpoint.IsTls ? _dialer.Tls.Identity?.CommonName : null;

    /// <inheritdoc cref="MemberConnections.Http"/>
    public HttpClient Http => Open.Http;

    private MemberConnections Open
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _open ??= new MemberConnections(_dialer, _mayReconnect);
            }
        }
    }

    /// <inheritdoc cref="MemberConnections.GetAsync"/>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        Open.GetAsync(path, cancellationToken);

    /// <summary>Closes the connections. The next call makes new ones.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _open?.Dispose();
            _open = null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        Close();
    }

    /// <summary>The stubs of the services keep this invoker while the connections behind it change.</summary>
    private sealed class CurrentInvoker(MemberChannel channel) : CallInvoker
    {
        private CallInvoker Current => channel.Open.Grpc.CreateCallInvoker();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) => Current.AsyncUnaryCall(method, host, options, request);

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) => Current.AsyncServerStreamingCall(method, host, options, request);

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options
        ) => Current.AsyncDuplexStreamingCall(method, host, options);

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options
        ) => Current.AsyncClientStreamingCall(method, host, options);

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) => Current.BlockingUnaryCall(method, host, options, request);
    }
}

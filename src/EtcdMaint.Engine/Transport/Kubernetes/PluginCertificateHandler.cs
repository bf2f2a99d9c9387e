using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>
/// Sends requests over connections with the current client certificate of a plugin. The certificate of an open
/// connection cannot be replaced, so a new certificate requires new connections.
/// </summary>
internal sealed class PluginCertificateHandler(ExecPlugin plugin, Func<TlsSettings?, HttpMessageHandler> create)
    : HttpMessageHandler
{
    private readonly object _lock = new();
    private HttpMessageInvoker? _inner;
    private TlsSettings? _certificate;

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => Current().SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner?.Dispose();
        base.Dispose(disposing);
    }

    private HttpMessageInvoker Current()
    {
        lock (_lock)
        {
            if (_inner is not null && _certificate == plugin.Certificate)
                return _inner;

            // Open streams continue. Only connections that wait for a request are closed with the invoker.
            _inner?.Dispose();
            _certificate = plugin.Certificate;
            return _inner = new HttpMessageInvoker(create(_certificate));
        }
    }
}

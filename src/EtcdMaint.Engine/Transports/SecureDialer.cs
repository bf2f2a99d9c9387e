using System.Net.Security;

namespace EtcdMaint.Engine.Transports;

/// <summary>Makes streams to one endpoint over a dialer, with TLS on top where the endpoint has it.</summary>
internal sealed class SecureDialer(EtcdEndpoint endpoint, IDialer dialer, TlsSettings tls)
{
    public EtcdEndpoint Endpoint => endpoint;

    public TlsSettings Tls => tls;

    /// <summary>A stream on which HTTP of the given version can start.</summary>
    /// <exception cref="DialException">No stream could be made.</exception>
    /// <exception cref="HandshakeException">TLS did not come about on it.</exception>
    public async Task<Stream> OpenAsync(SslApplicationProtocol version, CancellationToken stop)
    {
        Stream stream = await dialer.DialAsync(endpoint.Host, endpoint.Port, stop).ConfigureAwait(false);
        if (!endpoint.IsTls)
            return stream;
        try
        {
            SslClientAuthenticationOptions options = tls.CreateOptions();
            options.ApplicationProtocols = [version];
            return await SecureAsync(stream, options, stop).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new HandshakeException(cause);
        }
    }

    /// <summary>Dials and secures the stream with options of the caller's own.</summary>
    public async Task<SslStream> ShakeHandsAsync(SslClientAuthenticationOptions options, CancellationToken stop) =>
        await SecureAsync(await dialer.DialAsync(endpoint.Host, endpoint.Port, stop).ConfigureAwait(false), options, stop).ConfigureAwait(false);

    /// <summary>The name to verify is the endpoint's, unless the settings say another.</summary>
    private async Task<SslStream> SecureAsync(Stream stream, SslClientAuthenticationOptions options, CancellationToken stop)
    {
        options.TargetHost = tls.ServerName ?? endpoint.Host;
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(options, stop).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>A stream was made, and TLS did not come about on it.</summary>
internal sealed class HandshakeException(Exception cause) : IOException(cause.Message, cause);

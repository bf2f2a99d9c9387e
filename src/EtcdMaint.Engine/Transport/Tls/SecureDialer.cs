using System.Net.Security;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>Makes streams to one endpoint through a dialer, with TLS if the endpoint uses it.</summary>
internal sealed class SecureDialer(EtcdEndpoint endpoint, IDialer dialer, TlsSettings tls)
{
    public EtcdEndpoint Endpoint => endpoint;

    public TlsSettings Tls => tls;

    /// <inheritdoc cref="IDialer.Opening"/>
    public Task? Opening => dialer.Opening;

    /// <summary>Opens a stream for HTTP of the specified version.</summary>
    /// <exception cref="DialException">The stream could not be opened.</exception>
    /// <exception cref="HandshakeException">The TLS handshake failed.</exception>
    public Task<Stream> OpenAsync(SslApplicationProtocol version, CancellationToken cancellationToken) =>
        endpoint.IsTls
            ? ShakeHandsAsync(() => OptionsFor(version), cancellationToken)
            : dialer.DialAsync(endpoint.Host, endpoint.Port, cancellationToken).AsTask();

    public SslClientAuthenticationOptions OptionsFor(SslApplicationProtocol version)
    {
        SslClientAuthenticationOptions options = tls.CreateOptions();
        options.ApplicationProtocols = [version];
        return options;
    }

    /// <summary>
    /// Opens the stream and starts TLS. The host of the endpoint is verified, unless the settings specify another name.
    /// </summary>
    /// <param name="options">Called after the stream was opened, because the certificate files may still be read until
    /// then.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <param name="answer">Reads the bytes of the server, to find out why a handshake fails.</param>
    /// <exception cref="DialException">The stream could not be opened.</exception>
    /// <exception cref="HandshakeException">The TLS handshake failed.</exception>
    public async Task<Stream> ShakeHandsAsync(
        Func<SslClientAuthenticationOptions> options,
        CancellationToken cancellationToken,
        HandshakeAnswer? answer = null
    )
    {
        Stream dialled = await dialer.DialAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
        var secured = new SslStream(answer is null ? dialled : new ObservedStream(dialled, answer));
        try
        {
            SslClientAuthenticationOptions chosen = options();
            chosen.TargetHost = tls.ServerName ?? endpoint.Host;
            await secured.AuthenticateAsClientAsync(chosen, cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch (Exception cause)
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            if (cause is OperationCanceledException or DialException)
                throw;
            throw new HandshakeException(cause);
        }
    }
}

/// <summary>The stream was opened, but the TLS handshake failed.</summary>
internal sealed class HandshakeException(Exception cause) : IOException(cause.Message, cause);

using System.Net.Security;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>Makes streams to one endpoint over a dialer, with TLS on top where the endpoint has it.</summary>
internal sealed class SecureDialer(EtcdEndpoint endpoint, IDialer dialer, TlsSettings tls)
{
    public EtcdEndpoint Endpoint => endpoint;

    public TlsSettings Tls => tls;

    /// <summary>A stream on which HTTP of the given version can start.</summary>
    /// <exception cref="DialException">No stream could be made.</exception>
    /// <exception cref="HandshakeException">TLS did not come about on it.</exception>
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
    /// Dials, and secures the stream. The name to verify is the endpoint's, unless the settings say another.
    /// </summary>
    /// <param name="options">Asked only then: what they are made of may still be read from files meanwhile.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DialException">No stream could be made.</exception>
    /// <exception cref="HandshakeException">TLS did not come about on it.</exception>
    public async Task<Stream> ShakeHandsAsync(
        Func<SslClientAuthenticationOptions> options,
        CancellationToken cancellationToken
    )
    {
        var secured = new SslStream(
            await dialer.DialAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false)
        );
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

/// <summary>A stream was made, and TLS did not come about on it.</summary>
internal sealed class HandshakeException(Exception cause) : IOException(cause.Message, cause);

using System.Net.Security;
using System.Security.Authentication;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>
/// Finds the reason why no HTTP/2 connection could be made. A missing, unknown or expired client certificate and a
/// wrong scheme all cause the same error. With TLS 1.3, the client is connected before the server checks its
/// certificate, so the alert of the server is found by reading. A request that is written first would often receive
/// only a reset.
/// </summary>
internal sealed class HandshakeDiagnosis(SecureDialer dialer)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>A server that rejects a certificate reports this within one round trip.</summary>
    private static readonly TimeSpan AlertLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns null if no more specific reason was found.</summary>
    public async Task<CallFailure?> FindAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            CallFailure? found = dialer.Endpoint.IsTls
                ? await FindInTlsAsync(limited.Token).ConfigureAwait(false)
                : await FindTlsAsync(limited.Token).ConfigureAwait(false);
            return found ?? await FindInVersionAsync(http, limited.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Returns the TLS failure, or null if the server accepts the connection.</summary>
    private async Task<CallFailure?> FindInTlsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using Stream secured = await dialer
                .ShakeHandsAsync(() => dialer.OptionsFor(SslApplicationProtocol.Http2), cancellationToken)
                .ConfigureAwait(false);
            return await ReadAlertAsync(secured, cancellationToken).ConfigureAwait(false);
        }
        catch (HandshakeException failed)
        {
            // A server without TLS answers the first bytes of a handshake with an HTTP error or closes the connection.
            return FromAlert(failed)
                ?? (
                    failed.InnerException is AuthenticationException
                        ? CallFailure.ServerCertificateUntrusted
                        : CallFailure.TlsToPlain
                );
        }
    }

    /// <summary>
    /// etcd closes a connection without TLS on a TLS port without a message, so a handshake is tried only to see
    /// whether the server answers it.
    /// </summary>
    private async Task<CallFailure?> FindTlsAsync(CancellationToken cancellationToken)
    {
        bool isTls = false;
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, _) => isTls = true,
        };
        try
        {
            using Stream secured = await dialer.ShakeHandsAsync(() => options, cancellationToken).ConfigureAwait(false);
        }
        catch (HandshakeException)
        {
            // Only whether the server sent a certificate matters.
        }
        return isTls ? CallFailure.PlainToTls : null;
    }

    private async Task<CallFailure?> ReadAlertAsync(Stream secured, CancellationToken cancellationToken)
    {
        using var alert = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        alert.CancelAfter(AlertLimit);
        try
        {
            return await secured.ReadAsync(new byte[1], alert.Token).ConfigureAwait(false) == 0
                ? AboutClientCertificate("")
                : null;
        }
        catch (IOException refused) when (refused is not DialException)
        {
            return FromAlert(refused) ?? AboutClientCertificate("");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private CallFailure? FromAlert(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (cause.Message.Contains("alert", StringComparison.Ordinal))
                return AboutClientCertificate(cause.Message);
        return null;
    }

    /// <summary>
    /// etcd 3.4 reports "bad certificate" for every problem, so the certificate itself is checked too.
    /// </summary>
    private CallFailure AboutClientCertificate(string alert)
    {
        if (dialer.Tls.Client is not { } client)
            return CallFailure.ClientCertificateRequired;
        DateTime now = DateTime.Now;
        return alert.Contains("expired", StringComparison.Ordinal) || now > client.NotAfter || now < client.NotBefore
            ? CallFailure.ClientCertificateExpired
            : CallFailure.ClientCertificateRejected;
    }

    /// <summary>Checks whether <c>/version</c> belongs to an etcd with the v3 API.</summary>
    private static async Task<CallFailure?> FindInVersionAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync(
                new Uri("version", UriKind.Relative),
                cancellationToken
            )
            .ConfigureAwait(false);
        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return body.Contains("\"etcdserver\":\"3.", StringComparison.Ordinal) ? null : CallFailure.NotEtcd;
    }
}

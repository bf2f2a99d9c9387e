using System.Net.Security;
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
        var answer = new HandshakeAnswer();
        bool isServerRefused = false;
        SslClientAuthenticationOptions CreateOptions() =>
            Observe(dialer.OptionsFor(SslApplicationProtocol.Http2), isRefused => isServerRefused = isRefused);
        try
        {
            using Stream secured = await dialer
                .ShakeHandsAsync(CreateOptions, cancellationToken, answer)
                .ConfigureAwait(false);
            return await ReadAlertAsync(secured, cancellationToken).ConfigureAwait(false);
        }
        catch (HandshakeException failed)
        {
            return HandshakeFailures.Classify(failed.InnerException!, answer, isServerRefused, dialer.Tls.Identity);
        }
    }

    /// <summary>Reports the result of the check of the server certificate, which stays as it is.</summary>
    private static SslClientAuthenticationOptions Observe(
        SslClientAuthenticationOptions options,
        Action<bool> setRefused
    )
    {
        RemoteCertificateValidationCallback check =
            options.RemoteCertificateValidationCallback ?? ((_, _, _, errors) => errors is SslPolicyErrors.None);
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            // The check reports some refusals by an exception.
            setRefused(true);
            bool isAccepted = check(sender, certificate, chain, errors);
            setRefused(!isAccepted);
            return isAccepted;
        };
        return options;
    }

    /// <summary>
    /// etcd closes a connection without TLS on a TLS port without a message, so a handshake is tried only to see
    /// whether the server answers it. With TLS 1.2, the answer may be the refusal of a missing client certificate.
    /// </summary>
    private async Task<CallFailure?> FindTlsAsync(CancellationToken cancellationToken)
    {
        var answer = new HandshakeAnswer();
        var options = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // The handshake only shows whether the server uses TLS; no data is sent.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        try
        {
            using Stream secured = await dialer
                .ShakeHandsAsync(() => options, cancellationToken, answer)
                .ConfigureAwait(false);
        }
        catch (HandshakeException)
        {
            // Only whether the server answered in TLS matters.
        }
        return answer.IsTls ? CallFailure.PlainToTls : null;
    }

    private async Task<CallFailure?> ReadAlertAsync(Stream secured, CancellationToken cancellationToken)
    {
        using var alert = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        alert.CancelAfter(AlertLimit);
        try
        {
            return await secured.ReadAsync(new byte[1], alert.Token).ConfigureAwait(false) == 0
                ? HandshakeFailures.OfClient(null, dialer.Tls.Identity)
                : null;
        }
        catch (IOException refused) when (refused is not DialException)
        {
            return HandshakeFailures.OfClient(TlsAlert.Find(refused), dialer.Tls.Identity);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
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

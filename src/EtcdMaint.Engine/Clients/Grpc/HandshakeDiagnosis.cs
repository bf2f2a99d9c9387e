using System.Security.Authentication;
using EtcdMaint.Engine.Transports;

namespace EtcdMaint.Engine.Clients.Grpc;

/// <summary>
/// Finds out why no HTTP/2 connection could be made. A missing, foreign or expired client certificate, or the wrong one
/// of http and https, all look the same there; one HTTP/1.1 request shows the TLS alert or the server's own words.
/// </summary>
internal sealed class HandshakeDiagnosis(EtcdEndpoint endpoint, IDialer dialer, TlsSettings tls)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<CallFailure> FindAsync(HttpClient http, CancellationToken stop)
    {
        if (!endpoint.IsTls)
            return await AskPlainAsync(http, stop).ConfigureAwait(false);
        try
        {
            return await ReadVersionAsync(http, stop).ConfigureAwait(false) ? CallFailure.HandshakeFailed : CallFailure.NotEtcd;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return FromAlert(error) ?? await TryWithoutTlsAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CallFailure.HandshakeFailed;
        }
    }

    private static async Task<CallFailure> AskPlainAsync(HttpClient http, CancellationToken stop)
    {
        try
        {
            return await ReadVersionAsync(http, stop).ConfigureAwait(false) ? CallFailure.HandshakeFailed : CallFailure.NotEtcd;
        }
        catch (HttpServerSaysTlsException)
        {
            return CallFailure.PlainToTls;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // A TLS server that is no Go program answers plain text with an alert or by hanging up.
            return CallFailure.HandshakeFailed;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CallFailure.HandshakeFailed;
        }
    }

    private async Task<CallFailure> TryWithoutTlsAsync(CancellationToken stop)
    {
        using var plain = new MemberChannel(endpoint with { IsTls = false }, dialer, TlsSettings.None);
        CallFailure found = await AskPlainAsync(plain.Http, stop).ConfigureAwait(false);
        return found is CallFailure.PlainToTls
            ? tls.Client is null ? CallFailure.ClientCertificateRequired : CallFailure.ClientCertificateRejected
            : CallFailure.TlsToPlain;
    }

    private CallFailure? FromAlert(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            string text = cause.Message;
            if (text.Contains("certificate required", StringComparison.Ordinal))
                return CallFailure.ClientCertificateRequired;
            if (text.Contains("alert", StringComparison.Ordinal) && text.Contains("certificate", StringComparison.Ordinal)
                || text.Contains("unknown ca", StringComparison.Ordinal))
                return AboutClientCertificate();
            if (cause is AuthenticationException && text.Contains("remote certificate", StringComparison.OrdinalIgnoreCase))
                return CallFailure.ServerCertificateUntrusted;
        }
        return null;
    }

    private CallFailure AboutClientCertificate()
    {
        if (tls.Client is null)
            return CallFailure.ClientCertificateRequired;
        DateTime now = DateTime.Now;
        return now > tls.Client.NotAfter || now < tls.Client.NotBefore
            ? CallFailure.ClientCertificateExpired
            : CallFailure.ClientCertificateRejected;
    }

    /// <summary>Whether <c>/version</c> is that of an etcd that speaks the v3 API over gRPC.</summary>
    private static async Task<bool> ReadVersionAsync(HttpClient http, CancellationToken stop)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limited.CancelAfter(Limit);
        using HttpResponseMessage response = await http.GetAsync(new Uri("version", UriKind.Relative), limited.Token).ConfigureAwait(false);
        string body = await response.Content.ReadAsStringAsync(limited.Token).ConfigureAwait(false);
        if (body.Contains("HTTP request to an HTTPS server", StringComparison.Ordinal))
            throw new HttpServerSaysTlsException();
        return body.Contains("\"etcdserver\":\"3.", StringComparison.Ordinal);
    }

    private sealed class HttpServerSaysTlsException : Exception;
}

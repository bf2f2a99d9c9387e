using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>Reads the certificates of both sides in a separate handshake.</summary>
internal sealed class CertificateReader(SecureDialer dialer)
{
    public async Task<IReadOnlyList<CertificateValidity>> ReadAsync(CallBudget limit)
    {
        if (!dialer.Endpoint.IsTls)
            return [];
        var found = new List<CertificateValidity>();
        if (dialer.Tls.Client is { } own)
            found.Add(new CertificateValidity(true, own.Subject, own.NotAfter));
        if (await ReadServerAsync(limit).ConfigureAwait(false) is { } server)
            found.Add(server);
        return found;
    }

    private async Task<CertificateValidity?> ReadServerAsync(CallBudget limit)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Stop);
        limited.CancelAfter(limit.Timeout);
        CertificateValidity? seen = null;
        try
        {
            SslClientAuthenticationOptions options = dialer.Tls.CreateOptions();

            // The trust was checked when the connection was made. Only the dates are read here.
            options.CertificateChainPolicy = null;
#pragma warning disable CA5359 // The handshake only reads the dates; no data is sent.
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                if (certificate is X509Certificate2 server)
                    seen = new CertificateValidity(false, server.Subject, server.NotAfter);
                return true;
            };
#pragma warning restore CA5359
            using Stream secured = await dialer.ShakeHandsAsync(() => options, limited.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            limit.Stop.ThrowIfCancellationRequested();
        }
        return seen;
    }
}

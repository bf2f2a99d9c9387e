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
        if (dialer.Tls.Identity is { } own)
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
            using Stream secured = await dialer
                .ShakeHandsAsync(() => Observe(server => seen = server), limited.Token)
                .ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            limit.Stop.ThrowIfCancellationRequested();
        }
        return seen;
    }

    private SslClientAuthenticationOptions Observe(Action<CertificateValidity> report)
    {
        SslClientAuthenticationOptions options = dialer.Tls.CreateOptions();

        // The trust was checked when the connection was made. Only the dates are read here.
        options.CertificateChainPolicy = null;
#pragma warning disable CA5359 // The handshake only reads the dates; no data is sent.
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (certificate is X509Certificate2 server)
                report(new CertificateValidity(false, server.Subject, server.NotAfter));
            return true;
        };
#pragma warning restore CA5359
        return options;
    }
}

using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Client.Grpc;

/// <summary>
/// Determines why a TLS handshake failed. The bytes of the server decide, because the exceptions differ between
/// platforms. With TLS 1.2, a server rejects the client certificate during the handshake, before .NET has checked the
/// certificate of the server.
/// </summary>
internal static class HandshakeFailures
{
    /// <summary>Returns null if the failure is neither about certificates nor about the scheme.</summary>
    /// <param name="cause">The exception of .NET.</param>
    /// <param name="answer">The bytes of the server.</param>
    /// <param name="isServerRefused">Whether .NET did not trust the certificate of the server.</param>
    /// <param name="client">The client certificate, or null without one.</param>
    public static CallFailure? Classify(
        Exception cause,
        HandshakeAnswer answer,
        bool isServerRefused,
        ClientIdentity? client
    )
    {
        if (isServerRefused)
            return CallFailure.ServerCertificateUntrusted;

        // The server or the network ended the connection. Every other exception is from this machine, for example about
        // a key that it cannot use.
        bool isCut = cause is IOException;

        // A server without TLS answers the first bytes of a handshake with an HTTP error or closes the connection.
        if (!answer.IsTls)
            return answer.IsEmpty && !isCut ? null : CallFailure.TlsToPlain;
        if (!answer.HasBegun)
            return null;
        if ((answer.Alert ?? TlsAlert.Find(cause)) is { } alert)
            return TlsAlert.IsAboutClient(alert) ? OfClient(alert, client) : null;
        return isCut ? OfClient(null, client) : null;
    }

    /// <summary>
    /// The failure of a server that rejects the client certificate. etcd 3.4 reports "bad certificate" for every
    /// problem, so the dates of the certificate are checked too.
    /// </summary>
    public static CallFailure OfClient(byte? alert, ClientIdentity? client) =>
        client is null ? CallFailure.ClientCertificateRequired
        : alert is TlsAlert.CertificateExpired || !client.IsInTime ? CallFailure.ClientCertificateExpired
        : CallFailure.ClientCertificateRejected;
}

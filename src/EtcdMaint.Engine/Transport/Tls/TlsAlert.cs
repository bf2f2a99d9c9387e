using System.ComponentModel;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// The alerts by which a server rejects a client certificate. Source: RFC 5246, section 7.2, and RFC 8446, section 6.
/// </summary>
internal static class TlsAlert
{
    public const byte CertificateExpired = 45;

    private const byte HandshakeFailure = 40;
    private const byte NoCertificate = 41;
    private const byte BadCertificate = 42;
    private const byte UnsupportedCertificate = 43;
    private const byte CertificateRevoked = 44;
    private const byte CertificateUnknown = 46;
    private const byte UnknownCa = 48;
    private const byte AccessDenied = 49;
    private const byte DecryptError = 51;
    private const byte CertificateRequired = 116;

    /// <summary>
    /// Schannel uses this code for the alerts 42, 43 and 46. The name in Windows is SEC_E_CERT_UNKNOWN.
    /// </summary>
    private const int SchannelCertificateUnknown = unchecked((int)0x80090327);

    /// <summary>SEC_E_CERT_EXPIRED.</summary>
    private const int SchannelCertificateExpired = unchecked((int)0x80090328);

    /// <summary>SEC_E_UNTRUSTED_ROOT.</summary>
    private const int SchannelUntrustedRoot = unchecked((int)0x80090325);

    /// <summary>The texts of OpenSSL. Before and after them, its releases differ.</summary>
    private static readonly (string Text, byte Alert)[] OpenSsl =
    [
        ("alert bad certificate", BadCertificate),
        ("alert unsupported certificate", UnsupportedCertificate),
        ("alert certificate revoked", CertificateRevoked),
        ("alert certificate expired", CertificateExpired),
        ("alert certificate unknown", CertificateUnknown),
        ("alert unknown ca", UnknownCa),
        ("alert access denied", AccessDenied),
        ("alert certificate required", CertificateRequired),
    ];

    /// <summary>
    /// Whether a server that has sent its part of the handshake rejects the client certificate by this alert. OpenSSL
    /// sends handshake_failure with TLS 1.2 if there is none, and decrypt_error if its key does not match.
    /// </summary>
    public static bool IsAboutClient(byte alert) =>
        alert
            is HandshakeFailure
                or NoCertificate
                or BadCertificate
                or UnsupportedCertificate
                or CertificateRevoked
                or CertificateExpired
                or CertificateUnknown
                or UnknownCa
                or AccessDenied
                or DecryptError
                or CertificateRequired;

    /// <summary>
    /// Finds an alert about the client certificate in an exception of .NET. The library of macOS shows none with TLS
    /// 1.3, and its codes for TLS 1.2 are not needed, because the alert can be read from the connection.
    /// </summary>
    public static byte? Find(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            int code = cause is Win32Exception native ? native.NativeErrorCode : cause.HResult;
            if (OfSchannel(code) is { } alert)
                return alert;
            foreach ((string text, byte number) in OpenSsl)
                if (cause.Message.Contains(text, StringComparison.Ordinal))
                    return number;
        }
        return null;
    }

    private static byte? OfSchannel(int code) =>
        code switch
        {
            SchannelCertificateUnknown => CertificateUnknown,
            SchannelCertificateExpired => CertificateExpired,
            SchannelUntrustedRoot => UnknownCa,
            _ => null,
        };
}

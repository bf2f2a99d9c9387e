namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>
/// Recognizes that .NET did not trust the certificate of a server. The text is the one of .NET itself, which is the
/// same on every platform and in every language. Other failures of a handshake have the same type of exception.
/// </summary>
internal static class TrustFailure
{
    public static bool IsIn(string message) =>
        message.Contains("remote certificate", StringComparison.OrdinalIgnoreCase);
}

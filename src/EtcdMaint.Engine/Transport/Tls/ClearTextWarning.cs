namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>Warns before a password or a token is sent over the network without TLS.</summary>
internal static class ClearTextWarning
{
    /// <summary>
    /// Warns about endpoints to which this machine connects directly. Streams through ssh or a port-forward end next to
    /// the member and are not included.
    /// </summary>
    public static void Warn(IEnumerable<EtcdEndpoint> dialled, ConnectRequest request, IRunObserver observer)
    {
        EtcdEndpoint[] plain = [.. dialled.Where(e => !e.IsTls && !e.IsLoopback)];
        if (plain.Length > 0 && request is { UserName: { } user, Password: not null })
            Warn($"the password of the etcd user '{user}'", string.Join(", ", plain.AsEnumerable()), observer);
    }

    public static void Warn(string secret, string where, IRunObserver observer) =>
        observer.Warn(NamedWarnings.CredentialInClearText(secret, where));
}

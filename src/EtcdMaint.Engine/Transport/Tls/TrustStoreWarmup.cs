using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>The authorities that this machine trusts.</summary>
internal static class TrustStoreWarmup
{
    private static int _isRead;

    /// <summary>
    /// On Linux .NET reads all of them from their files when a process looks at its first certificate, even where none
    /// of them counts: a tenth of a second, which passes here beside other work.
    /// </summary>
    public static void ReadAhead()
    {
        if (OperatingSystem.IsLinux() && Interlocked.Exchange(ref _isRead, 1) == 0)
            _ = Task.Run(Read);
    }

    private static void Read()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        foreach (X509Certificate2 authority in store.Certificates)
            authority.Dispose();
    }
}

using System.Security.Cryptography.X509Certificates;

namespace EtcdMaint.Engine.Transport.Tls;

/// <summary>The CAs that this machine trusts.</summary>
internal static class TrustStoreWarmup
{
    private static int _isRead;

    /// <summary>
    /// Reads the CAs in the background. On Linux, .NET reads all of them from their files when a process uses its first
    /// certificate, even if none of them is needed. This takes 0.1 seconds.
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

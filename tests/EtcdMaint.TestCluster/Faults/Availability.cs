namespace EtcdMaint.TestCluster;

/// <summary>Whether a fault can be created on this machine; if not, the reason, which a skipped test reports.</summary>
public sealed record Availability(bool IsAvailable, string Reason)
{
    internal static Availability Yes { get; } = new(true, "");

    internal static Availability No(string reason) => new(false, reason);
}

namespace EtcdMaint.TestCluster;

/// <summary>
/// Whether a fault can be made on this machine, and if not, why: the reason a test gives when it is skipped.
/// </summary>
public sealed record Availability(bool IsAvailable, string Reason)
{
    internal static Availability Yes { get; } = new(true, "");

    internal static Availability No(string reason) => new(false, reason);
}

namespace EtcdMaint.TestCluster;

/// <summary>A member did not start; the message ends with the last lines of its log.</summary>
public sealed class MemberStartException(string message, bool portWasTaken, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Whether another process took one of its ports first.</summary>
    public bool PortWasTaken { get; } = portWasTaken;
}

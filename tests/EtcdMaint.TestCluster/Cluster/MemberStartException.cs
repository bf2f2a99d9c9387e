namespace EtcdMaint.TestCluster;

/// <summary>A member did not come up; the message ends with what it last wrote to its log.</summary>
public sealed class MemberStartException(string message, bool portWasTaken, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Whether somebody else got one of its ports first.</summary>
    public bool PortWasTaken { get; } = portWasTaken;
}

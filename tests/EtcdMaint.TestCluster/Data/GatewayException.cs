namespace EtcdMaint.TestCluster;

/// <summary>A member refused a request; the message is etcd's own.</summary>
/// <param name="code">The gRPC status code.</param>
public sealed class GatewayException(int code, string message) : Exception(message)
{
    private const int ResourceExhausted = 8;

    public int Code { get; } = code;

    /// <summary>Whether the cluster refuses writes because of NOSPACE.</summary>
    public bool IsNoSpace =>
        Code == ResourceExhausted && Message.Contains("database space exceeded", StringComparison.Ordinal);

    internal bool IsBadToken => Message.Contains("invalid auth token", StringComparison.Ordinal);
}

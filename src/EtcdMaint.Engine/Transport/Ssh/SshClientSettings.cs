namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>Which ssh client is used, and how.</summary>
/// <param name="ConfigFile">Another config than the user's own; null for that.</param>
internal sealed record SshClientSettings(string Program = "ssh", string? ConfigFile = null)
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
}

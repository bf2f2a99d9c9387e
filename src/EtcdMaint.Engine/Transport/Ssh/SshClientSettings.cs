namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>The settings of the ssh client.</summary>
/// <param name="ConfigFile">A config file to use instead of the config of the user, or null for the config of the
/// user.</param>
internal sealed record SshClientSettings(string Program = "ssh", string? ConfigFile = null)
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
}

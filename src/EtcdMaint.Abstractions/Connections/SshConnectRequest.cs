namespace EtcdMaint;

/// <summary>Connects to the nodes of the members with the ssh client of the system.</summary>
internal sealed record SshConnectRequest : ConnectRequest
{
    /// <summary>
    /// The nodes, as ssh accepts them: <c>[user@]host[:port]</c> or a name from the ssh config. One string can contain
    /// several, separated by commas.
    /// </summary>
    public IReadOnlyList<string> SshHost { get; init; } = [];

    /// <summary>
    /// The client URL of the member as its node reaches it: one for all nodes, or one for each node. Empty to read it
    /// from the etcd that runs there.
    /// </summary>
    public IReadOnlyList<string> ClientUrl { get; init; } = [];

    public EtcdContainerRuntime ContainerRuntime { get; init; }

    /// <summary>The name of the container; null to try <c>etcd-container</c>, then <c>etcd</c>.</summary>
    public string? Container { get; init; }

    /// <summary>The path of etcdctl on the node or in the container; null to search the usual folders.</summary>
    public string? EtcdctlPath { get; init; }

    /// <summary>
    /// The paths of the certificates on the node or in the container; null to read them from the etcd that runs there.
    /// </summary>
    public string? RemoteCACertificatePath { get; init; }

    public string? RemoteClientCertificatePath { get; init; }

    public string? RemoteClientKeyPath { get; init; }

    /// <summary>The ssh client; found in PATH by default.</summary>
    public string SshPath { get; init; } = "ssh";

    /// <summary>An ssh config to use instead of that of the user.</summary>
    public string? SshConfigPath { get; init; }

    protected override string Target => $"ssh to {string.Join(", ", SshHost)}";
}

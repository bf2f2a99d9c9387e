namespace EtcdMaint;

/// <summary>Through the system's ssh client to the nodes on which the members run.</summary>
internal sealed record SshConnectRequest : ConnectRequest
{
    /// <summary>
    /// Nodes as ssh takes them: <c>[user@]host[:port]</c> or a name of the ssh config. One string may hold several,
    /// split by commas.
    /// </summary>
    public IReadOnlyList<string> SshHost { get; init; } = [];

    /// <summary>
    /// The member's client URL as seen on its node: one for all nodes, or one for each. Empty reads it off the etcd
    /// that runs there.
    /// </summary>
    public IReadOnlyList<string> ClientUrl { get; init; } = [];

    public EtcdContainerRuntime ContainerRuntime { get; init; }

    /// <summary>The container's name; null tries <c>etcd-container</c>, then <c>etcd</c>.</summary>
    public string? Container { get; init; }

    /// <summary>etcdctl where it is run; null tries the usual places.</summary>
    public string? EtcdctlPath { get; init; }

    /// <summary>Paths as they are where etcdctl runs; null reads them off the etcd that runs there.</summary>
    public string? RemoteCACertificatePath { get; init; }

    public string? RemoteClientCertificatePath { get; init; }

    public string? RemoteClientKeyPath { get; init; }

    /// <summary>The ssh client; found on the path unless said.</summary>
    public string SshPath { get; init; } = "ssh";

    /// <summary>Another ssh config than the user's own.</summary>
    public string? SshConfigPath { get; init; }

    protected override string Target => $"ssh to {string.Join(", ", SshHost)}";
}

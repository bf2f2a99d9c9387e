using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for access over ssh to the nodes of the members, and by etcdctl on this machine.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    private const string SshSet = "Ssh";

    private const string LocalSet = "Local";

    /// <summary>The nodes, each as ssh accepts it: [user@]host[:port] or a name from the ssh config.</summary>
    [Parameter(ParameterSetName = SshSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Narrowing]
    public string[]? SshHost { get; set; }

    /// <summary>The program that runs etcdctl in the etcd container. By default, the usual ones are tried.</summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [EmptyCellAsNull(typeof(EtcdContainerRuntime))]
    public EtcdContainerRuntime? ContainerRuntime { get; set; }

    /// <summary>
    /// The client URL of the member as its node reaches it: one for all nodes, or one for each node. By default, it is
    /// read from etcd.
    /// </summary>
    [Parameter(ParameterSetName = SshSet)]
    [Narrowing]
    public string[]? ClientUrl { get; set; }

    /// <summary>The path of etcdctl on the nodes or, without -SshHost, on this machine.</summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LocalSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? EtcdctlPath { get; set; }

    private SshConnectRequest ToSshRequest() =>
        new()
        {
            SshHost = [.. (SshHost ?? []).Where(host => !string.IsNullOrWhiteSpace(host))],
            ContainerRuntime = ContainerRuntime ?? EtcdContainerRuntime.Auto,
            Container = NullIfBlank(Container),
            ClientUrl = ClientUrl ?? [],
            EtcdctlPath = NullIfBlank(EtcdctlPath),
            RemoteCACertificatePath = NullIfBlank(RemoteCACertificatePath),
            RemoteClientCertificatePath = NullIfBlank(RemoteClientCertificatePath),
            RemoteClientKeyPath = NullIfBlank(RemoteClientKeyPath),
        };

    private LocalConnectRequest ToLocalRequest() =>
        new()
        {
            EtcdctlPath = LocalProgram(NullIfBlank(EtcdctlPath) ?? throw InputErrors.NoEtcdctlPath()),
            Endpoint = [.. (Endpoint ?? []).Where(endpoint => !string.IsNullOrWhiteSpace(endpoint))],
        };

    // A name is searched for in PATH. A path is resolved from the current location of PowerShell, not from the folder
    // of the process.
    private string LocalProgram(string path) =>
        path.StartsWith('~') || path.IndexOfAny(['/', '\\', Path.VolumeSeparatorChar]) >= 0
            ? GetUnresolvedProviderPathFromPSPath(path)
            : path;
}

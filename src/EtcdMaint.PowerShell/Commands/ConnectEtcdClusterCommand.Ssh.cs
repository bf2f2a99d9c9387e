using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The ways in by ssh to the members' nodes, and by an etcdctl of this machine.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    private const string SshSet = "Ssh";

    private const string LocalSet = "Local";

    /// <summary>The nodes, each as ssh takes it: [user@]host[:port] or a name of the ssh config.</summary>
    [Parameter(ParameterSetName = SshSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Narrowing]
    public string[]? SshHost { get; set; }

    /// <summary>The program by which the etcd container is entered; the usual ones are tried unless given.</summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [EmptyCellAsNull(typeof(EtcdContainerRuntime))]
    public EtcdContainerRuntime? ContainerRuntime { get; set; }

    /// <summary>
    /// The member's client URL as seen on its node, one for all nodes or one for each; read off etcd unless given.
    /// </summary>
    [Parameter(ParameterSetName = SshSet)]
    [Narrowing]
    public string[]? ClientUrl { get; set; }

    /// <summary>The path of etcdctl where it is run: on the nodes, or alone on this machine.</summary>
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

    // A bare name is looked for on the PATH; a path starts where the user stands, not where the process does.
    private string LocalProgram(string path) =>
        path.StartsWith('~') || path.IndexOfAny(['/', '\\', Path.VolumeSeparatorChar]) >= 0
            ? GetUnresolvedProviderPathFromPSPath(path)
            : path;
}

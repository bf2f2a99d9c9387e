using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>What is found where a member runs: its container and the certificates there.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    /// <summary>The container in which etcd runs; found unless given.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? Container { get; set; }

    /// <summary>The path of the CA certificate where etcd runs; read off etcd's own settings unless given.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteCACertificatePath { get; set; }

    /// <summary>
    /// The path of the client certificate where etcd runs; read off etcd's own settings unless given.
    /// </summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteClientCertificatePath { get; set; }

    /// <summary>The path of the client's key where etcd runs; read off etcd's own settings unless given.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteClientKeyPath { get; set; }
}

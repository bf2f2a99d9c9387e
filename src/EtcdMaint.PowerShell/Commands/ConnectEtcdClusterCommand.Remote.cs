using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters for the container of a member and the certificates in it.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    /// <summary>The container in which etcd runs. By default, the module finds it.</summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    public string? Container { get; set; }

    /// <summary>
    /// The path of the CA certificate on the machine or in the container of etcd. By default, it is read from the
    /// settings of etcd.
    /// </summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteCACertificatePath { get; set; }

    /// <summary>
    /// The path of the client certificate on the machine or in the container of etcd. By default, it is read from the
    /// settings of etcd.
    /// </summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteClientCertificatePath { get; set; }

    /// <summary>
    /// The path of the client key on the machine or in the container of etcd. By default, it is read from the settings
    /// of etcd.
    /// </summary>
    [Parameter(ParameterSetName = KubernetesSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    public string? RemoteClientKeyPath { get; set; }
}

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The parameters of access through Kubernetes, before anything is sent.</summary>
public sealed class KubernetesParameterTests : IDisposable
{
    private readonly Shell _shell = new();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Empty_cells_of_a_CSV_file_count_as_values_that_were_not_given(string cell) =>
        Assert.Equal(
            ["KubeConfigNotFound"],
            _shell
                .Run(
                    $"[pscustomobject]@{{ KubeConfig = '/no/such/file'; Context = '{cell}'; Namespace = "
                        + $"'{cell}'; PodName = '{cell}'; LabelSelector = '{cell}';"
                        + $" ClientPort = '{cell}'; Access = '{cell}'; Container = '{cell}' }} | Connect-EtcdCluster"
                )
                .ErrorIds
        );

    [Theory]
    [InlineData("Connect-EtcdCluster -Context $unset")]
    [InlineData("Connect-EtcdCluster -Context ''")]
    [InlineData("Connect-EtcdCluster -KubeConfig $unset")]
    [InlineData("[pscustomobject]@{ ClusterName = 'staging'; Context = ' ' } | Connect-EtcdCluster -ErrorAction Stop")]
    [InlineData(
        "[pscustomobject]@{ Context = ''; KubeConfig = ''; Namespace = 'etcd' } | Connect-EtcdCluster -ErrorAction Stop"
    )]
    public void An_empty_context_never_selects_the_current_one(string call) =>
        Assert.Equal("NoContextGiven", _shell.RunToError(call));

    [Theory]
    [InlineData("8589934592")]
    [InlineData("")]
    public void A_column_of_quotas_does_not_hide_the_column_of_contexts(string quota) =>
        Assert.StartsWith(
            "Kube",
            Assert.Single(
                _shell
                    .Run(
                        "[pscustomobject]@{ ClusterName = 'a'; Context = 'no such context'; QuotaBytes = "
                            + $"'{quota}' }} | Connect-EtcdCluster"
                    )
                    .ErrorIds
            )
        );

    [Theory]
    [InlineData("-ClientPort 0", "ClientPortOutOfRange")]
    [InlineData("-ClientPort 65536", "ClientPortOutOfRange")]
    [InlineData("-ClientPort 65535", "KubeConfigNotFound")]
    [InlineData("-Access PortForward", "KubeConfigNotFound")]
    [InlineData("-Access Telnet", "CannotConvertArgumentNoMessage")]
    public void Validates_the_parameters(string parameter, string errorId) =>
        Assert.Equal(errorId, _shell.RunToError($"Connect-EtcdCluster -KubeConfig /no/such/file {parameter}"));

    public void Dispose() => _shell.Dispose();
}

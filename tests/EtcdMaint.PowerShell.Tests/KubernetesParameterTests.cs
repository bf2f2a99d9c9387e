namespace EtcdMaint.PowerShell.Tests;

/// <summary>The parameters of the way in through Kubernetes, before anything is asked.</summary>
public sealed class KubernetesParameterTests : IDisposable
{
    private readonly Shell _shell = new();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Empty_cells_of_a_csv_file_are_values_that_were_not_given(string cell) => Assert.Equal(["KubeConfigNotFound"], _shell.Run(
        $"[pscustomobject]@{{ KubeConfig = '/no/such/file'; Context = '{cell}'; Namespace = '{cell}'; PodName = '{cell}'; LabelSelector = '{cell}';"
        + $" ClientPort = '{cell}'; Access = '{cell}'; Container = '{cell}' }} | Connect-EtcdCluster").ErrorIds);

    [Theory]
    [InlineData("-ClientPort 0", "ClientPortOutOfRange")]
    [InlineData("-ClientPort 65536", "ClientPortOutOfRange")]
    [InlineData("-ClientPort 65535", "KubeConfigNotFound")]
    [InlineData("-Access PortForward", "KubeConfigNotFound")]
    [InlineData("-Access Telnet", "CannotConvertArgumentNoMessage")]
    public void What_is_given_is_checked(string parameter, string errorId) =>
        Assert.Equal(errorId, _shell.RunToError($"Connect-EtcdCluster -KubeConfig /no/such/file {parameter}"));

    public void Dispose() => _shell.Dispose();
}

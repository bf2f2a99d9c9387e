namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The parameters of access by ssh and by an etcdctl of this machine, before anything is sent.</summary>
public sealed class NodeParameterTests : IDisposable
{
    private readonly Shell _shell = new();

    [Theory]
    [InlineData("8589934592")]
    [InlineData("")]
    public void A_CSV_file_can_contain_ssh_hosts_quotas_and_empty_cells(string quota)
    {
        Outcome outcome = _shell.Run(
            $"[pscustomobject]@{{ ClusterName = 'a'; SshHost = 'core@10.0.0.1'; QuotaBytes = '{quota}'; "
                + "ContainerRuntime = ''; EtcdctlPath = '' }"
                + " | Connect-EtcdCluster -NoVerify"
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal(EtcdAccess.SshCommand, Assert.IsType<EtcdConnection>(Assert.Single(outcome.Output)).Access);
    }

    [Theory]
    [InlineData("-EtcdctlPath ''", "NoEtcdctlPath")]
    [InlineData("-EtcdctlPath $unset", "NoEtcdctlPath")]
    [InlineData("-SshHost ''", "ParameterEmpty")]
    [InlineData("-SshHost a -ContainerRuntime Chroot", "CannotConvertArgumentNoMessage")]
    public void Validates_the_parameters(string parameter, string errorId) =>
        Assert.Equal(errorId, _shell.RunToError($"Connect-EtcdCluster {parameter}"));

    [Theory]
    [InlineData("./etcdctl")]
    [InlineData("~/no/such/etcdctl")]
    public void A_relative_path_of_etcdctl_is_resolved_from_the_current_location(string path)
    {
        Outcome outcome = _shell.Run(
            $"Connect-EtcdCluster -EtcdctlPath {path} -Endpoint http://127.0.0.1:1; "
                + $"$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath('{path}')"
        );
        Assert.Contains(outcome.Output.OfType<string>().Last(), outcome.ErrorText, StringComparison.Ordinal);
    }

    public void Dispose() => _shell.Dispose();
}

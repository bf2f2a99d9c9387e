using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>Each kind of access has its parameters, and specific error IDs for invalid ones.</summary>
[Trait("Kind", "Real")]
public sealed class OtherWaysInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Connect-EtcdCluster -KubeConfig /no/such/kubeconfig", "KubeConfigNotFound")]
    [InlineData("Connect-EtcdCluster -SshHost '-oProxyCommand=evil'", "MalformedSshHost")]
    [InlineData("Connect-EtcdCluster -SshHost a,b,c -ClientUrl http://a:1,http://b:1", "ClientUrlCount")]
    [InlineData("Connect-EtcdCluster -EtcdctlPath /no/such/etcdctl -Endpoint http://127.0.0.1:1", "EtcdctlNotFound")]
    public void Each_invalid_access_has_an_error_ID(string script, string errorId)
    {
        using var shell = new Shell();
        Assert.Equal(errorId, shell.RunToError(script));
        Assert.Equal(["NoConnection"], shell.Run("Get-EtcdMember").ErrorIds);
    }

    [Fact]
    public async Task An_etcdctl_of_this_machine_executes_the_whole_runbook()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3 },
            Cancellation
        );
        await cluster.Loader.LoadAsync(liveBytes: 1_000_000, deadBytes: 20_000_000, cancellation: Cancellation);
        using var shell = new Shell();
        Outcome connected = shell.Run(
            $"Connect-EtcdCluster -EtcdctlPath '{cluster.Binaries.Etcdctl}' -Endpoint '{cluster.ClientUrls[0]}'"
        );
        Assert.Empty(connected.ErrorText);
        Assert.Equal(EtcdAccess.LocalCommand, Assert.IsType<EtcdConnection>(Assert.Single(connected.Output)).Access);

        Outcome run = shell.Run("Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag");
        Assert.Empty(run.ErrorText);
        Assert.Equal(3, run.Output.Cast<EtcdDefragResult>().Count(row => row.Status is EtcdDefragStatus.Defragmented));
        Assert.Empty(EtcdLogs.Overlaps(EtcdLogs.Defragmentations(cluster)));
    }
}

using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;
using EtcdMaint.TestCluster.Kubernetes;

namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>The cluster of the current Kubernetes context, when the script was written for another one.</summary>
[Trait("Kind", "Real")]
[Collection<ProcessEnvironment>]
public sealed class CurrentContextTests
{
    private const string Token = "test-token";

    private const string Pipeline = "Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cluster_of_the_current_context_can_be_read_but_not_changed_unless_it_was_specified()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(cancellation: Cancellation);
        await etcd.Loader.LoadAsync(liveBytes: 100_000, deadBytes: 5_000_000, cancellation: Cancellation);
        await using FakeApiServer api = await FakeApiServer.StartAsync();
        api.Pods.AddRange(EtcdPods.Kubeadm(etcd));
        api.Users.Add(new ApiUser("admin") { Token = Token });
        string config = KubeConfigText.Write(api, KubeConfigText.Whole(api, KubeConfigText.Token(Token), "production"));
        using var shell = new Shell();
        Environment.SetEnvironmentVariable("KUBECONFIG", config);
        try
        {
            Outcome shown = shell.Run("Get-EtcdMember");
            Assert.Empty(shown.ErrorText);
            Assert.Single(shown.Output);
            foreach (
                string change in (string[])
                    [
                        Pipeline,
                        "$m = Get-EtcdMember; $m | Invoke-EtcdDefrag",
                        "Get-EtcdConnection | Invoke-EtcdMaintenance",
                        "Get-EtcdMemberStatus | Invoke-EtcdDefrag -WhatIf",
                    ]
            )
            {
                Outcome refused = shell.Run(change);
                Assert.All(refused.ErrorIds, id => Assert.Equal("NoConnectionChosen", id));
                Assert.NotEmpty(refused.ErrorIds);
                Assert.Contains("'production'", refused.ErrorText, StringComparison.Ordinal);
            }

            shell.RunToError("Connect-EtcdCluster http://127.0.0.1:1 -TimeoutSeconds 5");
            Outcome after = shell.Run(Pipeline);
            Assert.Equal(["NoConnection"], after.ErrorIds);
            Assert.Contains("127.0.0.1:1", after.ErrorText, StringComparison.Ordinal);
            Assert.Empty(EtcdLogs.Defragmentations(etcd));
            Assert.DoesNotContain("finished scheduled compaction", etcd.Members[0].ReadLog(), StringComparison.Ordinal);

            Assert.Empty(shell.Run("$null = Connect-EtcdCluster -Kubernetes").ErrorText);
            Outcome run = shell.Run(Pipeline);
            Assert.Empty(run.ErrorText);
            Assert.Equal(
                EtcdDefragStatus.Defragmented,
                Assert.IsType<EtcdDefragResult>(Assert.Single(run.Output)).Status
            );
            Assert.Contains("finished scheduled compaction", etcd.Members[0].ReadLog(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", null);
            shell.Run("Get-EtcdConnection | Disconnect-EtcdCluster");
        }
    }
}

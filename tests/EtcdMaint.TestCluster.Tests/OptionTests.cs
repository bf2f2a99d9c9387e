namespace EtcdMaint.TestCluster.Tests;

public sealed class OptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_members_have_the_same_hash()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 5 }, Cancellation);
        var revision = await cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation);
        var hashes = await cluster.HashKvAsync(revision, Cancellation);
        Assert.Equal(5, hashes.Select(hash => hash.Member.Id).Distinct().Count());
        Assert.Single(hashes.Select(hash => hash.Hash).Distinct());
    }

    [Fact]
    public async Task Tokens_expire_and_the_quota_is_set_as_configured()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Auth = true,
                AuthTokenTtl = TimeSpan.FromSeconds(1),
                QuotaBytes = 12_345_678,
            },
            Cancellation
        );
        await cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation);
        Assert.Equal("b", await cluster.KeyValues.GetAsync("a", cancellation: Cancellation));
        Assert.Contains("\"quota-size-bytes\":12345678", cluster.Members[0].ReadLog());
    }

    [Fact]
    public async Task Recognizes_a_port_that_is_in_use()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);
        var member = cluster.Members[0];
        await member.StopAsync(Cancellation);
        using var squatter = new System.Net.Sockets.TcpListener(
            System.Net.IPAddress.Loopback,
            new Uri(member.ClientUrl).Port
        );
        squatter.Start();
        var error = await Assert.ThrowsAsync<MemberStartException>(() => member.StartAsync(Cancellation));
        Assert.True(error.PortWasTaken, error.Message);
    }

    [Fact]
    public async Task A_kept_cluster_runs_until_its_script_removes_it()
    {
        string script;
        await using (var cluster = await TestEtcdCluster.StartAsync(cancellation: Cancellation))
        {
            cluster.Keep();
            script = cluster.RemoveScriptPath;
            await cluster.DisposeAsync();
            Assert.Equal(MemberState.Running, cluster.Members[0].State);
            FolderSweep.Run();
            Assert.True((await cluster.EtcdctlAsync("endpoint", "health")).Succeeded);
        }
        (
            await Command.RunAsync("/bin/sh", [script], TimeSpan.FromSeconds(10), cancellation: Cancellation)
        ).OutputOrThrow();
        Assert.False(Directory.Exists(Path.GetDirectoryName(script)));
    }
}

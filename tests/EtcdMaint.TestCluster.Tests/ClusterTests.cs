namespace EtcdMaint.TestCluster.Tests;

public sealed class ClusterTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Three_members_with_mutual_TLS_start_and_members_fail_and_return(string release)
    {
        var binaries = await Releases.OrSkipAsync(release);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.Mutual,
                Binaries = binaries,
                ExtraClientUrl = true,
            },
            Cancellation
        );
        output.WriteLine($"{binaries}: up after {watch.Elapsed.TotalSeconds:0.00} s");

        var list = await cluster.EtcdctlAsync("member", "list");
        Assert.All(
            cluster.Members,
            member =>
                Assert.Contains(
                    $"{member.Id}, started, {member.Name}, {member.PeerUrl}, {string.Join(',', member.ClientUrls)}",
                    list.OutputOrThrow()
                )
        );

        var leader = await cluster.LeaderAsync(Cancellation);
        await leader.KillAsync(Cancellation);
        Assert.Equal(MemberState.Ended, leader.State);
        var next = await cluster.LeaderAsync(Cancellation);
        Assert.NotEqual(leader.Id, next.Id);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s: next leader {next}");

        await leader.StartAsync(Cancellation);
        await cluster.LeaderAsync(Cancellation);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s: back");

        next.Suspend();
        var third = await cluster.LeaderAsync(Cancellation);
        Assert.NotEqual(next.Id, third.Id);
        next.Resume();
        await next.RestartAsync(Cancellation);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s: restarted");

        await cluster.KeyValues.PutAsync("a", "b", next, Cancellation);
        Assert.Equal("b", await cluster.KeyValues.GetAsync("a", third, Cancellation));
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s: end");
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Supports_auth_learners_unstarted_members_and_foreign_advertised_URLs(string release)
    {
        var binaries = await Releases.OrSkipAsync(release);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Auth = true,
                Binaries = binaries,
                AdvertisedClientUrl = "https://192.0.2.1:2379",
            },
            Cancellation
        );
        output.WriteLine($"{binaries}: up after {watch.Elapsed.TotalSeconds:0.00} s");

        await cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation);
        Assert.Equal("b", (await cluster.EtcdctlAsync("get", "a", "--print-value-only")).OutputOrThrow().Trim());
        var limited = await cluster.EtcdctlAsync(
            "get",
            "a",
            "--user",
            $"{ClusterUsers.Limited.Name}:{ClusterUsers.Limited.Password}",
            "--password",
            ""
        );
        Assert.Contains("permission denied", limited.Errors);

        var learner = await cluster.AddLearnerAsync(Cancellation);
        var unstarted = await cluster.AddUnstartedMemberAsync(Cancellation);
        var list = (await cluster.EtcdctlAsync("member", "list")).OutputOrThrow();
        Assert.Contains($"{unstarted.Id}, unstarted", list);
        Assert.Contains($"{learner.Id}, started, m4, {learner.PeerUrl}, https://192.0.2.1:2379, true", list);
        await cluster.RemoveMemberAsync(unstarted, Cancellation);
        await cluster.RemoveMemberAsync(learner, Cancellation);
        Assert.Equal(3, cluster.Members.Count);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s: end");
    }

    [Fact]
    public async Task A_cluster_that_cannot_start_reports_the_reason()
    {
        var error = await Assert.ThrowsAsync<MemberStartException>(() =>
            TestEtcdCluster.StartAsync(new ClusterOptions { ExtraArguments = ["--no-such-flag"] }, Cancellation)
        );
        Assert.Contains("no-such-flag", error.Message);
    }

    [Fact]
    public async Task Disposing_removes_everything()
    {
        var cluster = await TestEtcdCluster.StartAsync(cancellation: Cancellation);
        var processId = cluster.Members[0].ProcessId;
        await cluster.DisposeAsync();
        Assert.False(Directory.Exists(cluster.FolderPath));
        Assert.False(
            Directory.Exists($"/proc/{processId}/fd")
                && File.ReadAllText($"/proc/{processId}/cmdline").Contains(cluster.FolderPath)
        );
    }
}

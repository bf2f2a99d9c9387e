namespace EtcdMaint.TestCluster.Tests;

public sealed class FaultTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_slow_disk_makes_a_defragmentation_slow_and_the_log_shows_overlaps(string release)
    {
        var binaries = await Releases.OrSkipAsync(release);
        var slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = binaries },
            Cancellation
        );
        await cluster.Loader.LoadAsync(20_000_000, 0, valueBytes: 100_000, cancellation: Cancellation);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using (await SlowDisk.AttachAsync(cluster.Members[0], TimeSpan.FromMilliseconds(10), Cancellation))
        {
            output.WriteLine($"{binaries}: attached after {watch.Elapsed.TotalSeconds:0.00} s");
            var first = cluster.EtcdctlAsync(
                "defrag",
                "--endpoints",
                cluster.Members[0].ClientUrl,
                "--command-timeout",
                "60s"
            );
            await Poll.UntilAsync(
                () => EtcdLogs.Defragmentations(cluster).Count == 1,
                TimeSpan.FromSeconds(10),
                "the first has started",
                Cancellation
            );
            (await cluster.EtcdctlAsync("defrag", "--endpoints", cluster.Members[1].ClientUrl)).OutputOrThrow();
            (await first).OutputOrThrow();
        }

        var runs = EtcdLogs.Defragmentations(cluster);
        output.WriteLine(string.Join('\n', runs));
        Assert.Equal(["m1", "m2"], runs.Select(run => run.Member));
        Assert.Single(EtcdLogs.Overlaps(runs));

        // 20 MB are at least 200 writes of 100 kB, each of which is delayed.
        Assert.True(runs[0].Ended - runs[0].Started > TimeSpan.FromSeconds(1));
        Assert.Equal(MemberState.Running, cluster.Members[0].State);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_tiny_disk_makes_a_defragmentation_fail(string release)
    {
        var binaries = await Releases.OrSkipAsync(release);
        var tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using var disk = await TinyDisk.MountAsync(60, Cancellation);
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Binaries = binaries,
                DataFolder = _ => Path.Combine(disk.FolderPath, "data"),
                WalFolder = name => $"{name}-wal",
            },
            Cancellation
        );
        await cluster.Loader.LoadAsync(40_000_000, 0, valueBytes: 100_000, cancellation: Cancellation);
        output.WriteLine($"{binaries}: {disk.FreeBytes} bytes free");

        var defrag = await cluster.EtcdctlAsync("defrag");
        output.WriteLine(defrag.Errors);
        output.WriteLine(
            string.Join('\n', cluster.Members[0].ReadLog().Split('\n').Where(line => line.Contains("defrag")))
        );
        Assert.False(defrag.Succeeded);
        Assert.Equal(DefragmentationEnd.Failed, Assert.Single(EtcdLogs.Defragmentations(cluster)).End);
    }

    [Fact]
    public async Task A_proxy_cuts_blocks_delays_and_heals_connections()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            Cancellation
        );
        await using var proxy = NetworkProxy.Start(cluster.Members[0]);

        Task<CommandResult> Put(string timeout = "1s") =>
            cluster.EtcdctlAsync("put", "a", "b", "--endpoints", proxy.Url, "--command-timeout", timeout);

        (await Put()).OutputOrThrow();
        Assert.Equal(1, proxy.AcceptedConnections);

        proxy.Cut();
        Assert.False((await Put()).Succeeded);
        proxy.Heal();
        (await Put()).OutputOrThrow();

        proxy.BlackHole();
        var held = Put("10s");
        await Poll.UntilAsync(
            () => proxy.OpenConnections > 0,
            TimeSpan.FromSeconds(5),
            "a connection was accepted",
            Cancellation
        );
        await Task.Delay(200, Cancellation);
        Assert.False(held.IsCompleted);
        proxy.Heal();
        (await held).OutputOrThrow();

        var watch = System.Diagnostics.Stopwatch.StartNew();
        proxy.DelayToMember = proxy.DelayToClient = TimeSpan.FromMilliseconds(100);
        (await Put("10s")).OutputOrThrow();
        output.WriteLine($"a put with 200 ms a round trip took {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(400));
    }
}

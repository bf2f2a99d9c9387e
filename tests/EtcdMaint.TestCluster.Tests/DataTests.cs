namespace EtcdMaint.TestCluster.Tests;

public sealed class DataTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Loads_live_data_and_history_until_NOSPACE_and_recovers(string release)
    {
        var binaries = await Releases.OrSkipAsync(release);
        await using var cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions
            {
                Members = 3,
                Tls = TlsMode.ServerOnly,
                Auth = true,
                Binaries = binaries,
                QuotaBytes = 48 << 20,
            },
            Cancellation
        );

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var puts = await cluster.Loader.LoadAsync(
            liveBytes: 2_000_000,
            deadBytes: 18_000_000,
            valueBytes: 5_000,
            cancellation: Cancellation
        );
        output.WriteLine($"{binaries}: {puts} puts in {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.Equal(400, (await cluster.KeyValues.KeysAsync("load/", cancellation: Cancellation)).Count);

        watch.Restart();
        var accepted = await cluster.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        output.WriteLine($"no space after {accepted} more bytes in {watch.Elapsed.TotalSeconds:0.00} s");
        var refused = await Assert.ThrowsAsync<GatewayException>(() =>
            cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation)
        );
        Assert.True(refused.IsNoSpace, refused.Message);
        Assert.Contains("alarm:NOSPACE", (await cluster.EtcdctlAsync("alarm", "list")).OutputOrThrow());

        var revision = await cluster.KeyValues.RevisionAsync(Cancellation);
        (await cluster.EtcdctlAsync("compact", $"{revision}", "--physical")).OutputOrThrow();
        // One by one: the next member may learn about a token a moment later.
        foreach (var member in cluster.Members)
            (await cluster.EtcdctlAsync("defrag", "--endpoints", member.ClientUrl)).OutputOrThrow();
        (await cluster.EtcdctlAsync("alarm", "disarm")).OutputOrThrow();
        await cluster.KeyValues.PutAsync("a", "b", cancellation: Cancellation);

        var hashes = await cluster.HashKvAsync(await cluster.KeyValues.RevisionAsync(Cancellation), Cancellation);
        Assert.Equal(3, hashes.Count);
        Assert.Single(hashes.Select(hash => (hash.Hash, hash.CompactRevision)).Distinct());

        var runs = EtcdLogs.Defragmentations(cluster);
        output.WriteLine(string.Join('\n', runs));
        Assert.Equal(3, runs.Count);
        Assert.All(runs, run => Assert.Equal(DefragmentationEnd.Finished, run.End));
        Assert.Empty(EtcdLogs.Overlaps(runs));
    }

    [Fact]
    public async Task A_recorder_reports_the_gap_after_a_lost_leader_and_no_lost_write()
    {
        await using var cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);
        await using var recorder = WriteRecorder.Start(cluster, timeout: TimeSpan.FromSeconds(1));
        await WaitUntilAsync(() => recorder.Acknowledged > 100);

        var leader = await cluster.LeaderAsync(Cancellation);
        await leader.KillAsync(Cancellation);
        await cluster.LeaderAsync(Cancellation);
        await leader.StartAsync(Cancellation);
        var before = recorder.Acknowledged;
        await WaitUntilAsync(() => recorder.Acknowledged > before + 100);

        var report = await recorder.StopAsync(Cancellation);
        output.WriteLine(
            $"{report.Acknowledged} acknowledged, {report.Failed.Count} failed, longest silence "
                + $"{report.LongestSilence.TotalSeconds:0.00} s; {report.Failed.FirstOrDefault()}"
        );
        Assert.Empty(report.Lost);
        Assert.NotEmpty(report.Failed);
        Assert.InRange(report.LongestSilence.TotalSeconds, 0.3, 10);
    }

    private static Task WaitUntilAsync(Func<bool> condition) =>
        Poll.UntilAsync(condition, TimeSpan.FromSeconds(20), "the recorder made progress", Cancellation);
}

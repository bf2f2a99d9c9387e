using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>
/// What a run does to history: it removes history that no client compacts, and leaves the history of clients that
/// resume a watch or a list.
/// </summary>
[Trait("Kind", "Real")]
public sealed class HistoryRunTests(ITestOutputHelper output)
{
    /// <summary>The sizes and times of a real cluster, or a tenth of them.</summary>
    private static readonly double Scale = LongTests.AreWanted ? 1 : 0.1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>40,000 keys of 1 kB, each overwritten five times: 276 MB without a free page.</summary>
    [Fact]
    public async Task A_file_full_of_history_ends_at_its_live_size_and_the_second_run_has_nothing_to_do()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await FillWithHistoryAsync(real);
        MaintenanceRequest request = RunbookScenario.With(d =>
            d with
            {
                MinimumFreeBytes = (long)(100 * 1024 * 1024 * Scale),
            }
        );
        EtcdHealthReport health = await real.Cluster.CheckHealthAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        Assert.Contains(health.Finding, f => f.FindingId == "HistoryNotCompacted");

        EtcdMaintenanceReport report = (await real.MaintainAsync(request)).Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Contains("revisions of history, not compacted", report.Reason, StringComparison.Ordinal);
        Assert.All(report.Before, m => Assert.True(m.FreeBytes < 0.1 * m.DbSize, $"{m} {m.FreeBytes} of {m.DbSize}"));
        Assert.All(report.Defrag, d => Assert.Equal(EtcdDefragStatus.Defragmented, d.Status));
        Assert.All(report.After, m => Assert.True(m.DbSize < 0.35 * report.Before[0].DbSize, $"{m} {m.DbSize}"));

        EtcdMaintenanceReport second = (await real.MaintainAsync(request)).Report();
        output.WriteLine(second.Describe());
        Assert.Equal(EtcdMaintenanceStatus.NothingToDo, second.Status);
    }

    /// <summary>
    /// 50 watchers that pause and reconnect, and lists in pages, next to steady writes. Two API servers keep the
    /// history that they need, so the run does not compact. A compaction that keeps two seconds of revisions breaks
    /// them.
    /// </summary>
    [Fact]
    public async Task No_client_loses_its_revision_where_the_API_server_compacts()
    {
        await using RealCluster real = await StartWithFreePagesAsync();
        await using ApiServerCompactor apiServer = ApiServerCompactor.Start(real.Etcd.Members[0], 100 * Scale * Second);
        await using ApiServerCompactor other = ApiServerCompactor.Start(real.Etcd.Members[1], 100 * Scale * Second);
        await using HistoryClients clients = StartClients(real);
        await Poll.UntilAsync(
            () => apiServer.Compactions + other.Compactions >= 1,
            400 * Scale * Second,
            "a compaction",
            Cancellation
        );

        EtcdMaintenanceReport report = (await real.MaintainAsync()).Report();
        output.WriteLine(report.Describe());
        output.WriteLine($"{clients}");
        await RunClientsAsync(clients, 60 * Scale * Second);

        EtcdMaintenanceStep step = Assert.Single(report.Step, s => s.Name == "Compaction");
        Assert.Equal(EtcdMaintenanceStatus.Skipped, step.Status);
        Assert.StartsWith("the Kubernetes API server compacts this cluster", step.Reason, StringComparison.Ordinal);
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Equal(3, report.Defrag.Count(d => d.Status is EtcdDefragStatus.Defragmented));
        Assert.True(clients.Compacted == 0, $"{clients}");

        RunRecorder manual = await real.CompactAsync(keep: (long)(2 * clients.WritesPerSecond));
        await RunClientsAsync(clients, 60 * Scale * Second);
        output.WriteLine($"after a compaction that keeps two seconds: {clients}");
        Assert.Contains("ApiServerHistory", manual.Story, StringComparison.Ordinal);
        Assert.True(clients.Compacted > 0, $"{clients}");
    }

    [Fact]
    public async Task No_client_loses_its_revision_where_the_run_keeps_enough_time()
    {
        await using RealCluster real = await StartWithFreePagesAsync();
        await using HistoryClients clients = StartClients(real);
        TimeSpan keep = LongTests.AreWanted ? MaintenanceRequest.DefaultKeepDuration : 12 * Second;
        await RunClientsAsync(clients, keep + 180 * Scale * Second);

        // The history may have taken all free pages, and the run has to compact nevertheless.
        MaintenanceRequest request = RunbookScenario.With(d =>
            d with
            {
                MinimumFreeBytes = null,
                MinimumFragmentationRatio = null,
                When = _ => Task.FromResult(true),
            }
        ) with
        {
            KeepDuration = keep,
        };
        EtcdMaintenanceReport report = (await real.MaintainAsync(request)).Report();
        output.WriteLine(report.Describe());
        await RunClientsAsync(clients, 60 * Scale * Second);
        output.WriteLine($"{clients}");
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Contains(
            "those of -KeepDuration",
            report.Step.Single(s => s.Name == "Compaction").Reason,
            StringComparison.Ordinal
        );
        Assert.True(clients.Compacted == 0, $"{clients}");
    }

    private static TimeSpan Second => TimeSpan.FromSeconds(1);

    private static HistoryClients StartClients(RealCluster real) =>
        HistoryClients.Start(
            real.Etcd,
            writesPerSecond: LongTests.AreWanted ? 500 : 150,
            watchers: 50,
            longestPause: 60 * Scale * Second,
            listTime: 30 * Scale * Second
        );

    /// <summary>Waits for a time in which every watcher pauses and reconnects.</summary>
    private static Task RunClientsAsync(HistoryClients clients, TimeSpan time)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        int resumed = clients.Resumed;
        return Poll.UntilAsync(
            () => clock.Elapsed > time && clients.Resumed > resumed + 25,
            time + TimeSpan.FromMinutes(1),
            "25 watches are resumed",
            Cancellation
        );
    }

    private static async Task<RealCluster> StartWithFreePagesAsync()
    {
        RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await real.Etcd.Loader.LoadAsync(10_000_000, 40_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        return real;
    }

    private static async Task FillWithHistoryAsync(RealCluster real)
    {
        int keys = (int)(40_000 * Scale);
        int put = await real.Etcd.Loader.LoadAsync(
            liveBytes: keys * 1_000L,
            deadBytes: 5L * keys * 1_000,
            valueBytes: 1_000,
            transactionBytes: 1_000,
            cancellation: Cancellation
        );
        Assert.Equal(6 * keys, put);
    }
}

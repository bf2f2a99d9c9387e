using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Fleet;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>Many clusters in one call: each has its report, independent of the others.</summary>
[Trait("Kind", "Real")]
public sealed class FleetTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unreachable_cluster_does_not_affect_the_others()
    {
        await using RealCluster full = await RunbookScenario.StartAsync();
        await using RealCluster calm = await RunbookScenario.StartAsync();
        await using RealCluster dead = await RunbookScenario.StartAsync(members: 1);
        await full.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await dead.Etcd.Members[0].KillAsync(Cancellation);

        var recorder = new RunRecorder();
        EtcdConnection[] connections = [dead.Connection, full.Connection, calm.Connection];
        await Fleet(atOnce: 1).RunAsync(connections, RunbookScenario.Request, recorder, Cancellation);

        IReadOnlyList<EtcdMaintenanceReport> reports = recorder.Rows<EtcdMaintenanceReport>();
        output.WriteLine(string.Join(Environment.NewLine, reports.Select(r => r.Describe())));
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, Of(reports, full).Status);
        Assert.Equal(EtcdMaintenanceStatus.NothingToDo, Of(reports, calm).Status);
        EtcdMaintenanceReport failed = Of(reports, dead);
        Assert.Equal(EtcdMaintenanceStatus.Failed, failed.Status);
        Assert.Equal("EndpointRefused", Assert.Single(recorder.Errors).ErrorId);
        Assert.StartsWith("EndpointRefused: ", Assert.Single(failed.Error), StringComparison.Ordinal);
        await full.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
    }

    [Fact]
    public async Task Failures_without_a_change_do_not_end_the_run_of_other_clusters()
    {
        ScriptedCluster[] clusters =
        [
            new("a", fails: true, changes: false),
            new("b", breaks: true, changes: false),
            new("c", fails: true, changes: false),
            new("d"),
            new("e", fails: true),
            new("f"),
        ];
        var recorder = new RunRecorder();
        await Fleet(atOnce: 1)
            .RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, Cancellation);
        Assert.Equal(
            ["a:Failed", "b:Failed", "c:Failed", "d:Succeeded", "e:Failed", "f:NotAttempted"],
            recorder.Rows<EtcdMaintenanceReport>().Select(r => $"{r.ClusterName}:{r.Status}").Order()
        );
    }

    [Fact]
    public async Task A_run_that_is_interrupted_after_a_change_counts_as_a_failure()
    {
        ScriptedCluster[] clusters = [new("a", breaks: true), new("b")];
        await Fleet(atOnce: 1)
            .RunAsync(
                [.. clusters.Select(c => c.Connection)],
                RunbookScenario.Request,
                new RunRecorder(),
                Cancellation
            );
        Assert.False(clusters[1].WasStarted);
    }

    [Fact]
    public async Task Only_a_run_that_started_to_change_its_cluster_reports_a_change()
    {
        await using RealCluster real = await RunbookScenario.StartAsync(members: 1);
        await real.Etcd.Loader.LoadAsync(liveBytes: 100_000, deadBytes: 8_000_000, cancellation: Cancellation);
        MaintenanceRequest request = RunbookScenario.Request with
        {
            Defrag = RunbookScenario.Request.Defrag with { MinimumFragmentationRatio = 0, MinimumFreeBytes = 0 },
        };

        Assert.False((await real.MaintainAsync(request with { PlanOnly = true })).Report().ChangeBegan);
        string occupied = Path.Combine(real.Etcd.FolderPath, "no", "such", "folder");
        EtcdMaintenanceReport withoutSnapshot = (
            await real.MaintainAsync(request with { SnapshotPath = occupied })
        ).Report();
        Assert.Equal((EtcdMaintenanceStatus.Failed, false), (withoutSnapshot.Status, withoutSnapshot.ChangeBegan));
        string saved = Path.Combine(real.Etcd.FolderPath, "saved.db");
        Assert.True((await real.MaintainAsync(request with { SnapshotPath = saved })).Report().ChangeBegan);

        await real.Etcd.Members[0].KillAsync(Cancellation);
        Assert.False((await real.MaintainAsync(request)).Report().ChangeBegan);
    }

    [Fact]
    public async Task After_a_failure_no_further_cluster_starts()
    {
        var clusters = new[]
        {
            new ScriptedCluster("a"),
            new ScriptedCluster("b", fails: true),
            new ScriptedCluster("c"),
            new ScriptedCluster("d"),
        };
        var recorder = new RunRecorder();
        await Fleet(atOnce: 1)
            .RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, Cancellation);

        Assert.Equal(["a", "b"], clusters.Where(c => c.WasStarted).Select(c => c.Name));
        IReadOnlyList<EtcdMaintenanceReport> reports = recorder.Rows<EtcdMaintenanceReport>();
        Assert.Equal(
            ["a:Succeeded", "b:Failed", "c:NotAttempted", "d:NotAttempted"],
            reports.Select(r => $"{r.ClusterName}:{r.Status}").Order()
        );
        Assert.All(
            reports.Where(r => r.Status is EtcdMaintenanceStatus.NotAttempted),
            r => Assert.Equal("a cluster before it failed (-FailureLimit)", r.Reason)
        );
    }

    [Fact]
    public async Task An_unexpected_error_in_one_cluster_has_its_own_error_and_report()
    {
        var clusters = new[] { new ScriptedCluster("a", breaks: true), new ScriptedCluster("b") };
        var recorder = new RunRecorder();
        await Fleet(atOnce: 1, failureLimit: 5)
            .RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, Cancellation);

        Assert.Equal(
            ["a:Failed", "b:Succeeded"],
            recorder.Rows<EtcdMaintenanceReport>().Select(r => $"{r.ClusterName}:{r.Status}")
        );
        Assert.Equal("UnexpectedError", Assert.Single(recorder.Errors).ErrorId);
    }

    [Fact]
    public async Task No_cluster_starts_after_the_given_time_or_a_stop()
    {
        var late = new[] { new ScriptedCluster("a"), new ScriptedCluster("b") };
        var recorder = new RunRecorder();
        await new MaintenanceFleet(1, 1, DateTimeOffset.UtcNow, TimeProvider.System).RunAsync(
            [.. late.Select(c => c.Connection)],
            RunbookScenario.Request,
            recorder,
            Cancellation
        );
        Assert.All(
            recorder.Rows<EtcdMaintenanceReport>(),
            r => Assert.Equal("the time of -NotAfter has passed", r.Reason)
        );

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = new ScriptedCluster("a") { OnStarted = stop.Cancel };
        var second = new ScriptedCluster("b");
        MaintenanceFleet fleet = Fleet(atOnce: 1);
        recorder = new RunRecorder();
        await fleet.RunAsync([first.Connection, second.Connection], RunbookScenario.Request, recorder, stop.Token);
        Assert.Equal(2, recorder.Rows<EtcdMaintenanceReport>().Count);
        Assert.False(second.WasStarted);
        Assert.Equal("a", Assert.Single(fleet.Cut).Report.ClusterName);
    }

    [Fact]
    public async Task The_limit_of_simultaneous_clusters_is_not_exceeded()
    {
        ScriptedCluster[] clusters = [.. Enumerable.Range(0, 40).Select(i => new ScriptedCluster($"c{i}"))];
        await Fleet(atOnce: 4)
            .RunAsync(
                [.. clusters.Select(c => c.Connection)],
                RunbookScenario.Request,
                new RunRecorder(),
                Cancellation
            );
        Assert.InRange(ScriptedCluster.MostAtOnce, 1, 4);
    }

    private static MaintenanceFleet Fleet(int atOnce = 4, int failureLimit = 1) =>
        new(atOnce, failureLimit, null, TimeProvider.System);

    private static EtcdMaintenanceReport Of(IEnumerable<EtcdMaintenanceReport> reports, RealCluster cluster) =>
        Assert.Single(reports, r => r.ClusterId == cluster.Connection.ClusterId);
}

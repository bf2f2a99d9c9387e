using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Fleet;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A ring of clusters starts when the ring before it has ended without failures.</summary>
public sealed class RingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rings_run_in_their_order_and_clusters_without_a_ring_come_last()
    {
        var order = new List<string>();
        ScriptedCluster New(string name, int? ring)
        {
            var cluster = new ScriptedCluster(name)
            {
                OnStarted = () =>
                {
                    lock (order)
                        order.Add(name);
                },
            };
            cluster.Connection.Ring = ring;
            return cluster;
        }
        ScriptedCluster[] clusters =
        [
            New("none", null),
            New("two", 2),
            New("zero", 0),
            New("minus", -1),
            New("one", 1),
        ];
        IReadOnlyList<EtcdMaintenanceReport> reports = await RunAsync(Fleet(), clusters);
        Assert.Equal(["minus", "zero", "one", "two", "none"], order);
        Assert.All(reports, report => Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status));
    }

    [Fact]
    public async Task A_ring_starts_only_after_every_cluster_of_the_ring_before_it_has_ended()
    {
        int ended = 0;
        int early = 0;
        ScriptedCluster[] clusters =
        [
            .. Enumerable
                .Range(0, 30)
                .Select(i => InRing(new ScriptedCluster($"c{i}") { OnStarted = () => Start(i / 10) }, i / 10)),
        ];
        var recorder = new RunRecorder { OnRow = _ => Interlocked.Increment(ref ended) };
        await Fleet()
            .RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, Cancellation);
        Assert.Equal((30, 0), (ended, early));

        void Start(int ring)
        {
            if (Volatile.Read(ref ended) < 10 * ring)
                Interlocked.Increment(ref early);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_failure_the_later_rings_are_not_attempted(bool changes)
    {
        ScriptedCluster[] clusters =
        [
            InRing(new ScriptedCluster("a", fails: true, changes: changes), 1),
            InRing(new ScriptedCluster("b"), 1),
            InRing(new ScriptedCluster("c"), 2),
            InRing(new ScriptedCluster("d"), null),
        ];
        IReadOnlyList<EtcdMaintenanceReport> reports = await RunAsync(Fleet(failureLimit: 9), clusters);
        Assert.Equal(
            ["a:Failed", "b:Succeeded", "c:NotAttempted", "d:NotAttempted"],
            reports.Select(r => $"{r.ClusterName}:{r.Status}").Order()
        );
        Assert.All(
            reports.Where(r => r.Status is EtcdMaintenanceStatus.NotAttempted),
            r => Assert.Equal("ring 1 did not end without failures: cluster 'a' failed", r.Reason)
        );
        Assert.Equal([1, 1, 2, null], reports.OrderBy(r => r.ClusterName).Select(r => r.Ring));
    }

    [Fact]
    public async Task Without_rings_a_failure_that_changed_nothing_stops_no_other_cluster() =>
        Assert.Equal(
            ["a:Failed", "b:Succeeded"],
            (
                await RunAsync(
                    Fleet(),
                    [new ScriptedCluster("a", fails: true, changes: false), new ScriptedCluster("b")]
                )
            ).Select(r => $"{r.ClusterName}:{r.Status}")
        );

    [Fact]
    public async Task The_failure_limit_leaves_the_rest_of_the_ring_and_the_reason_of_later_rings_names_the_ring()
    {
        ScriptedCluster[] clusters =
        [
            InRing(new ScriptedCluster("a", fails: true), 1),
            InRing(new ScriptedCluster("b"), 1),
            InRing(new ScriptedCluster("c"), 2),
        ];
        IReadOnlyList<EtcdMaintenanceReport> reports = await RunAsync(Fleet(atOnce: 1), clusters);
        Assert.Equal(
            ["a cluster before it failed (-FailureLimit)", "ring 1 did not end without failures: cluster 'a' failed"],
            reports.Where(r => r.Status is EtcdMaintenanceStatus.NotAttempted).Select(r => r.Reason)
        );
    }

    [Theory]
    [InlineData(EtcdMaintenanceStatus.Unreachable, "cluster 'x' could not be reached")]
    [InlineData(EtcdMaintenanceStatus.NotAttempted, "cluster 'x' was not finished")]
    [InlineData(EtcdMaintenanceStatus.Failed, "cluster 'x' failed")]
    [InlineData(EtcdMaintenanceStatus.Succeeded, null)]
    [InlineData(EtcdMaintenanceStatus.NothingToDo, null)]
    [InlineData(EtcdMaintenanceStatus.Skipped, null)]
    [InlineData(EtcdMaintenanceStatus.Planned, null)]
    public async Task A_cluster_that_this_run_does_not_maintain_counts_for_its_ring(
        EtcdMaintenanceStatus status,
        string? reason
    )
    {
        MaintenanceFleet fleet = Fleet();
        fleet.Take(
            new EtcdMaintenanceReport
            {
                ClusterName = "x",
                Ring = 1,
                Status = status,
            }
        );
        ScriptedCluster[] clusters = [InRing(new ScriptedCluster("same"), 1), InRing(new ScriptedCluster("next"), 2)];
        IReadOnlyList<EtcdMaintenanceReport> reports = await RunAsync(fleet, clusters);
        Assert.True(clusters[0].WasStarted);
        Assert.Equal(reason is null, clusters[1].WasStarted);
        if (reason is not null)
            Assert.Equal($"ring 1 did not end without failures: {reason}", reports[1].Reason);
    }

    [Fact]
    public async Task A_failure_of_an_earlier_run_counts_for_the_failure_limit()
    {
        MaintenanceFleet fleet = Fleet();
        fleet.Take(
            new EtcdMaintenanceReport
            {
                ClusterName = "x",
                Status = EtcdMaintenanceStatus.Failed,
                ChangeBegan = true,
                IsResumed = true,
            }
        );
        var next = new ScriptedCluster("next");
        Assert.Equal("a cluster before it failed (-FailureLimit)", Assert.Single(await RunAsync(fleet, [next])).Reason);
        Assert.False(next.WasStarted);
    }

    [Fact]
    public async Task After_the_time_limit_or_a_stop_the_reason_is_not_the_ring()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var recorder = new RunRecorder();
        ScriptedCluster[] clusters =
        [
            InRing(new ScriptedCluster("a") { OnStarted = stop.Cancel }, 1),
            InRing(new ScriptedCluster("b"), 2),
        ];
        await Fleet().RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, stop.Token);
        Assert.Equal("the run was ended on request", recorder.Rows<EtcdMaintenanceReport>()[1].Reason);

        IReadOnlyList<EtcdMaintenanceReport> late = await RunAsync(
            new MaintenanceFleet(1, 1, DateTimeOffset.UtcNow, TimeProvider.System),
            [InRing(new ScriptedCluster("c"), 1), InRing(new ScriptedCluster("d"), 2)]
        );
        Assert.Equal(
            ["the time of -NotAfter has passed", "the time of -NotAfter has passed"],
            late.Select(r => r.Reason)
        );
    }

    private static MaintenanceFleet Fleet(int atOnce = 4, int failureLimit = 1) =>
        new(atOnce, failureLimit, null, TimeProvider.System);

    private static ScriptedCluster InRing(ScriptedCluster cluster, int? ring)
    {
        cluster.Connection.Ring = ring;
        return cluster;
    }

    private static async Task<IReadOnlyList<EtcdMaintenanceReport>> RunAsync(
        MaintenanceFleet fleet,
        IReadOnlyList<ScriptedCluster> clusters
    )
    {
        var recorder = new RunRecorder();
        await fleet.RunAsync([.. clusters.Select(c => c.Connection)], RunbookScenario.Request, recorder, Cancellation);
        return recorder.Rows<EtcdMaintenanceReport>();
    }
}

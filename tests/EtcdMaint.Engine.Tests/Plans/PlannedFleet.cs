using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Fleet;
using EtcdMaint.Plans;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>Simulated clusters that are planned and then maintained together, as the cmdlets do it.</summary>
internal sealed class PlannedFleet : IDisposable
{
    public PlannedFleet(int clusters) =>
        Clusters = [.. Enumerable.Range(0, clusters).Select(seed => new PlannedCluster(Time, seed))];

    public static MaintenanceRequest Request { get; } =
        new()
        {
            CallTimeout = TimeSpan.FromSeconds(15),
            Defrag = new DefragRequest
            {
                Targets = [],
                MinimumFragmentationRatio = 0.45,
                MinimumFreeBytes = 100_000_000,
                CallTimeout = TimeSpan.FromSeconds(15),
                StopTimeout = TimeSpan.FromMinutes(5),
            },
        };

    public SimulatedTime Time { get; } = new();

    public List<PlannedCluster> Clusters { get; }

    /// <summary>The rows, errors and warnings of the last run.</summary>
    public Pipeline Pipeline { get; private set; } = null!;

    public async Task<EtcdMaintenancePlan> PlanAsync()
    {
        MaintenanceRequest request = Request with { PlanOnly = true, Defrag = Request.Defrag with { PlanOnly = true } };
        EtcdMaintenanceReport[] reports = await RunAsync(request);
        Assert.DoesNotContain(Clusters, cluster => cluster.Etcd.Log.Writes.Any());
        return PlanBuilder.Build(reports, request, null, Time.GetUtcNow());
    }

    public Task<EtcdMaintenanceReport[]> RunAsync(EtcdMaintenancePlan plan, bool planOnly = false) =>
        RunAsync(
            PlanRequest.Of(
                plan,
                Request with
                {
                    PlanOnly = planOnly,
                    Defrag = Request.Defrag with { PlanOnly = planOnly },
                }
            )
        );

    private async Task<EtcdMaintenanceReport[]> RunAsync(MaintenanceRequest request)
    {
        Pipeline = new Pipeline(Time) { Answer = _ => Task.FromResult(!request.PlanOnly) };
        var fleet = new MaintenanceFleet(atOnce: 4, failureLimit: 1, request.Defrag.NotAfter, Time);
        await OwnThread.Run(() =>
            Time.Run(
                () =>
                    fleet.RunAsync(
                        [.. Clusters.Select(cluster => cluster.Connection)],
                        request,
                        Pipeline,
                        CancellationToken.None
                    ),
                TimeSpan.FromHours(12)
            )
        );
        return [.. Pipeline.Out.OfType<EtcdMaintenanceReport>()];
    }

    public void Dispose() => Clusters.ForEach(cluster => cluster.ClearLocks());
}

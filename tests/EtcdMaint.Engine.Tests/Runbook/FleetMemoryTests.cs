using EtcdMaint.Engine.Tests.Simulation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>
/// Measures the memory kept for clusters that are done, in a separate process because all of its memory counts.
/// </summary>
[Trait("Kind", "Real")]
[Collection<SimulatedClusters>]
public sealed class FleetMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_clusters()
    {
        async Task<long> KeptAfterAsync(int count)
        {
            EtcdConnection[] connections =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => new ScriptedCluster($"c{i}") { ReportBytes = 200_000 }.Connection),
            ];
            await new MaintenanceFleet(4, 1, null, TimeProvider.System).RunAsync(
                connections,
                RunbookScenario.Request,
                new ForgetfulObserver(),
                TestContext.Current.CancellationToken
            );
            long kept = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive(connections);
            return kept;
        }

        long few = await KeptAfterAsync(50);
        long many = await KeptAfterAsync(2000);
        output.WriteLine($"{few:N0} bytes after 50 clusters, {many:N0} after 2,000");
        Assert.InRange(many - few, long.MinValue, 2_000_000);
    }
}

using EtcdMaint.Benchmarks.Measures;

namespace EtcdMaint.Benchmarks;

/// <summary>All measures, the fast ones first.</summary>
internal static class AllMeasures
{
    private static readonly IMeasure[] All =
    [
        new FirstCall(),
        new StatusSweep(),
        new PodExec(),
        new FleetSweep(),
        new FleetScale(),
        new SweepMemory(),
        new Snapshots(),
        new SnapshotProofs(),
        new SpaceUsageWriters(),
        new SpaceUsageCost(),
        new SpaceUsageLoad(),
        new DefragOverhead(),
        new ReclaimedBytes(),
        new NightlyWeek(),
        new ClientStall(),
        new SpaceUsageError(),
    ];

    /// <exception cref="ArgumentException">There is no measure with that name.</exception>
    public static IReadOnlyList<IMeasure> Choose(IReadOnlyList<string> only) =>
        only.Count == 0
            ? All
            :
            [
                .. only.Select(name =>
                    Array.Find(All, m => m.Name == name)
                    ?? throw new ArgumentException(
                        $"There is no measure '{name}', only {string.Join(", ", All.Select(m => m.Name))}."
                    )
                ),
            ];
}

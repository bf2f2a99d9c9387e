namespace EtcdMaint.Metrics;

/// <summary>All metrics, in the order of the output. docs/metrics.md explains each.</summary>
internal static class MetricCatalog
{
    public static IReadOnlyList<MetricFamily> All { get; } =
    [
        .. RunMetrics.Mapper,
        .. RunMemberMetrics.Mapper,
        .. HealthMetrics.Mapper,
        .. MemberMetrics.Mapper,
        .. ForecastMetrics.Mapper,
    ];
}

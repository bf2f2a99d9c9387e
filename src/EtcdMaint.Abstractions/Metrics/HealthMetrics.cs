namespace EtcdMaint.Metrics;

/// <summary>The metrics of a health check. Those of its members are in <see cref="MemberMetrics"/>.</summary>
internal static class HealthMetrics
{
    public static MetricMapper<EtcdHealthReport> Mapper { get; } =
        new("cluster")
        {
            {
                "etcdmaint_health_timestamp_seconds",
                "When the last health check began.",
                report => MetricValues.Time(report.CheckedAt)
            },
            {
                "etcdmaint_health_ok",
                "1 if the last health check found no error, 0 if it found one. Warnings do not count.",
                report => MetricValues.Flag(report.IsHealthy)
            },
            {
                "etcdmaint_health_findings",
                "The number of findings of the last health check.",
                "severity",
                report =>
                    Enum.GetValues<EtcdFindingSeverity>()
                        .Select(severity =>
                            (severity.ToString(), (double?)report.Finding.Count(found => found.Severity == severity))
                        )
            },
            {
                "etcdmaint_health_findings_by_id",
                "The number of findings with this ID. Missing if there are none.",
                ["finding", "severity"],
                report =>
                    report
                        .Finding.GroupBy(found => (found.FindingId, found.Severity))
                        .Select(same => new MetricMapper<EtcdHealthReport>.Reading(
                            [same.Key.FindingId, same.Key.Severity.ToString()],
                            same.Count()
                        ))
            },
        };
}

namespace EtcdMaint.Metrics;

/// <summary>
/// Collects the rows of one pipeline and converts them to samples. Of several rows on the same run, health check,
/// member or forecast, the last one counts, so that no sample occurs twice. Prometheus would reject the output.
/// </summary>
internal sealed class MetricCollector
{
    private readonly Dictionary<string, string> _clusterIds = [];

    private readonly Dictionary<string, MetricSample[]> _runs = [];

    private readonly Dictionary<string, MetricSample[]> _checks = [];

    private readonly Dictionary<(string Cluster, string Id), EtcdMemberStatus> _members = [];

    private readonly Dictionary<string, MetricSample[]> _forecasts = [];

    public bool IsEmpty => _runs.Count + _checks.Count + _members.Count + _forecasts.Count == 0;

    /// <exception cref="EtcdException">Another cluster has the same name.</exception>
    public void Add(EtcdMaintenanceReport report)
    {
        AddCluster(report.ClusterName, report.ClusterId);
        _runs[report.ClusterName] =
        [
            .. RunMetrics.Mapper.Map(report, report.ClusterName),
            .. MapMembers(RunMemberMetrics.Mapper, report.After.Count > 0 ? report.After : report.Before),
        ];
    }

    /// <inheritdoc cref="Add(EtcdMaintenanceReport)"/>
    public void Add(EtcdHealthReport report)
    {
        AddCluster(report.ClusterName, report.ClusterId);
        _checks[report.ClusterName] = [.. HealthMetrics.Mapper.Map(report, report.ClusterName)];
        foreach (EtcdMemberStatus member in report.MemberStatus)
            Add(member);
    }

    /// <inheritdoc cref="Add(EtcdMaintenanceReport)"/>
    public void Add(EtcdMemberStatus member)
    {
        AddCluster(member.ClusterName, member.ClusterId);
        _members[(member.ClusterName, member.MemberId)] = member;
    }

    /// <inheritdoc cref="Add(EtcdMaintenanceReport)"/>
    public void Add(EtcdForecast forecast)
    {
        AddCluster(forecast.ClusterName, forecast.ClusterId);
        _forecasts[forecast.ClusterName] = [.. ForecastMetrics.Mapper.Map(forecast, forecast.ClusterName)];
    }

    public IReadOnlyList<MetricSample> Collect() =>
        [
            .. _runs.Values.SelectMany(samples => samples),
            .. _checks.Values.SelectMany(samples => samples),
            .. _members
                .Values.GroupBy(member => member.ClusterName)
                .SelectMany(cluster => MapMembers(MemberMetrics.Mapper, cluster)),
            .. _forecasts.Values.SelectMany(samples => samples),
        ];

    /// <summary>A cluster has no ID if no member answered.</summary>
    private void AddCluster(string name, string id)
    {
        string known = _clusterIds.GetValueOrDefault(name, "");
        if (known.Length > 0 && id.Length > 0 && known != id)
            throw MetricErrors.ClusterAmbiguous(name, known, id);
        if (known.Length == 0)
            _clusterIds[name] = id;
    }

    /// <summary>
    /// The names of members need not differ, and a member that never started has none. Such a member has its ID instead
    /// of its name.
    /// </summary>
    private static IEnumerable<MetricSample> MapMembers(
        MetricMapper<EtcdMemberStatus> mapper,
        IEnumerable<EtcdMemberStatus> cluster
    ) =>
        from same in cluster.GroupBy(member => member.MemberName).Select(members => members.ToArray())
        from member in same
        let name = same.Length == 1 && member.MemberName.Length > 0 ? member.MemberName : member.MemberId
        from sample in mapper.Map(member, member.ClusterName, name)
        select sample;
}

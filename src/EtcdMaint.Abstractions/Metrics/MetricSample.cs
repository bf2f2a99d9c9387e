namespace EtcdMaint.Metrics;

/// <summary>One value of a metric.</summary>
/// <param name="Family">The metric.</param>
/// <param name="LabelValue">The values of its labels, in their order.</param>
/// <param name="Value">The value, in the unit of the metric.</param>
internal sealed record MetricSample(MetricFamily Family, IReadOnlyList<string> LabelValue, double Value)
{
    /// <summary>The name of the cluster, which is the first label of every metric.</summary>
    public string Cluster => LabelValue[0];
}

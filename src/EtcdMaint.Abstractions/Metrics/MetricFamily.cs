namespace EtcdMaint.Metrics;

/// <summary>A metric in the sense of Prometheus: all samples with the same name. Every metric is a gauge.</summary>
/// <param name="Name">The name. It ends with the unit, if there is one.</param>
/// <param name="Help">The meaning, in one sentence.</param>
/// <param name="Label">The names of the labels. The first one is the cluster.</param>
internal sealed record MetricFamily(string Name, string Help, IReadOnlyList<string> Label);

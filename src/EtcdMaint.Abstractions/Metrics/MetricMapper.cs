using System.Collections;

namespace EtcdMaint.Metrics;

/// <summary>
/// Converts rows of one type to samples. It is written as a table with one entry for each metric: name, meaning, and
/// how the value is read from a row. An unknown value has no sample.
/// </summary>
/// <typeparam name="TRow">The type of the rows.</typeparam>
/// <param name="identity">The labels that identify a row, and that every metric of the table has.</param>
internal sealed class MetricMapper<TRow>(params string[] identity) : IEnumerable<MetricFamily>
{
    private readonly List<(MetricFamily Family, Func<TRow, IEnumerable<Reading>> Read)> _entries = [];

    public void Add(string name, string help, Func<TRow, double?> read) =>
        Add(name, help, [], row => [new Reading([], read(row))]);

    /// <summary>Adds a metric with a sample for each value of a label, for example for each status.</summary>
    public void Add(string name, string help, string label, Func<TRow, IEnumerable<(string, double?)>> read) =>
        Add(name, help, [label], row => read(row).Select(sample => new Reading([sample.Item1], sample.Item2)));

    public void Add(string name, string help, string[] labels, Func<TRow, IEnumerable<Reading>> read) =>
        _entries.Add((new MetricFamily(name, help, [.. identity, .. labels]), read));

    /// <param name="row">The row.</param>
    /// <param name="identityValues">The values of the labels that identify the row.</param>
    public IEnumerable<MetricSample> Map(TRow row, params string[] identityValues)
    {
        foreach ((MetricFamily family, Func<TRow, IEnumerable<Reading>> read) in _entries)
        foreach (Reading reading in read(row))
            if (reading.Value is { } value)
                yield return new MetricSample(family, [.. identityValues, .. reading.LabelValue], value);
    }

    public IEnumerator<MetricFamily> GetEnumerator() => _entries.Select(entry => entry.Family).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <param name="LabelValue">The values of the labels that the metric has in addition to its identity.</param>
    /// <param name="Value">The value; null if it is unknown.</param>
    internal readonly record struct Reading(string[] LabelValue, double? Value);
}

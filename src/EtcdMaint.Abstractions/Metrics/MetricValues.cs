namespace EtcdMaint.Metrics;

/// <summary>Converts values of the records to the units of Prometheus.</summary>
internal static class MetricValues
{
    public static double? Flag(bool? value) =>
        value switch
        {
            null => null,
            true => 1,
            false => 0,
        };

    /// <returns>Seconds since 1970; null for a time that was never set.</returns>
    public static double? Time(DateTimeOffset time) => time == default ? null : time.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>
    /// A state has a sample for each possible value: 1 for the current one, 0 for the others. An alert on a state then
    /// ends as soon as the state changes.
    /// </summary>
    public static IEnumerable<(string, double?)> States<T>(IEnumerable<T> possible, Func<T, bool> isCurrent)
        where T : struct, Enum => possible.Select(state => (state.ToString(), Flag(isCurrent(state))));
}

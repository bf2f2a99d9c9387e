using System.Globalization;

namespace EtcdMaint.Fleet;

/// <summary>
/// Decides whether the clusters of a ring may start. A ring starts when every cluster of the rings before it has ended
/// without a failure. A cluster that could not be reached or was not attempted counts like a failed one, because its
/// state is not known. Clusters without a ring come last.
/// </summary>
internal sealed class RingPolicy
{
    /// <summary>The first cluster of each ring that did not end without a failure.</summary>
    private readonly SortedDictionary<long, string> _blocked = [];

    /// <summary>The place of a ring in the order of the run.</summary>
    public static long Order(int? ring) => ring ?? long.MaxValue;

    public void Add(EtcdMaintenanceReport report)
    {
        if (
            report.Status
            is EtcdMaintenanceStatus.Failed
                or EtcdMaintenanceStatus.Unreachable
                or EtcdMaintenanceStatus.NotAttempted
        )
            lock (_blocked)
                _blocked.TryAdd(Order(report.Ring), $"cluster '{report.ClusterName}' {Words(report.Status)}");
    }

    /// <summary>Returns why a cluster of this ring may not start; null if it may.</summary>
    public string? WhyNot(int? ring)
    {
        lock (_blocked)
        {
            if (_blocked.Count == 0)
                return null;
            (long order, string why) = _blocked.First();
            return order < Order(ring)
                ? string.Create(CultureInfo.InvariantCulture, $"ring {order} did not end without failures: {why}")
                : null;
        }
    }

    private static string Words(EtcdMaintenanceStatus status) =>
        status switch
        {
            EtcdMaintenanceStatus.Failed => "failed",
            EtcdMaintenanceStatus.Unreachable => "could not be reached",
            _ => "was not finished",
        };
}

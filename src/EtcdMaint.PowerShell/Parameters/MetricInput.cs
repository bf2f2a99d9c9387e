using System.Management.Automation;
using EtcdMaint.Metrics;
using EtcdMaint.Reports;

namespace EtcdMaint.Cmdlets;

/// <summary>The objects that were piped to Export-EtcdMetric, also from a job or a CLIXML file.</summary>
internal sealed class MetricInput
{
    private readonly List<string> _unusable = [];

    private object? _firstUnusable;

    /// <summary>The number of reports that were left out because they are plans.</summary>
    public int PlanCount { get; private set; }

    /// <exception cref="EtcdException">The row cannot be used, or another cluster has the same name.</exception>
    public void AddTo(MetricCollector metrics, PSObject? row)
    {
        switch (row?.BaseObject is PSCustomObject ? Restore(row) : row?.BaseObject)
        {
            case null:
                break;
            case EtcdMaintenanceReport { Status: EtcdMaintenanceStatus.Planned }:
                PlanCount++;
                break;
            case EtcdMaintenanceReport report:
                metrics.Add(report);
                break;
            case EtcdHealthReport report:
                metrics.Add(report);
                break;
            case EtcdMemberStatus member:
                metrics.Add(member);
                break;
            case EtcdForecast forecast:
                metrics.Add(forecast);
                break;
            case var other:
                _firstUnusable ??= other;
                string type = row!.TypeNames.FirstOrDefault() ?? other.GetType().ToString();
                if (!_unusable.Contains(type))
                    _unusable.Add(type);
                break;
        }
    }

    /// <exception cref="EtcdException">There are no metrics of some of the objects.</exception>
    public void ThrowIfUnusable()
    {
        if (_firstUnusable is not null)
            throw MetricErrors.InputWithoutMetrics(_unusable, _firstUnusable);
    }

    private static object Restore(PSObject row)
    {
        try
        {
            return (object?)SerializedRecord.Read<EtcdMaintenanceReport>(row)
                ?? (object?)SerializedRecord.Read<EtcdHealthReport>(row)
                ?? (object?)SerializedRecord.Read<EtcdMemberStatus>(row)
                ?? (object?)SerializedRecord.Read<EtcdForecast>(row)
                ?? row;
        }
        catch (Exception lost) when (lost is InvalidCastException or PSInvalidCastException)
        {
            throw ReportErrors.Truncated($"{row.Properties["ClusterName"]?.Value}");
        }
    }
}

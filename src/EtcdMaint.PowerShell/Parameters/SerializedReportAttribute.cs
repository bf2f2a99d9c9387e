using System.Collections;
using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Accepts reports from a job, over remoting or from a CLIXML file. A report that lost its rows is marked as truncated,
/// so that the cmdlet can report an error. PowerShell would only report that the input object cannot be bound.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SerializedReportAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object?[] given = inputData switch
        {
            PSObject { BaseObject: IList list } => [.. list.Cast<object?>()],
            IList list => [.. list.Cast<object?>()],
            _ => [inputData],
        };
        return given.Any(report => report is PSObject { BaseObject: PSCustomObject })
            ? Array.ConvertAll(given, Read)
            : inputData;
    }

    private static object? Read(object? value)
    {
        try
        {
            return (object?)SerializedRecord.Read<EtcdMaintenanceReport>(value) ?? value;
        }
        catch (Exception lost) when (lost is InvalidCastException or PSInvalidCastException)
        {
            return new EtcdMaintenanceReport
            {
                ClusterName =
                    ((PSObject)value!).Properties[nameof(EtcdMaintenanceReport.ClusterName)]?.Value?.ToString() ?? "",
                IsTruncated = true,
            };
        }
    }
}

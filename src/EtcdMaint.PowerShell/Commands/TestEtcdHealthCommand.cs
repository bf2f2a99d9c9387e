using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Reports whether clusters are healthy, and lists current and expected problems.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdHealth")]
[OutputType(typeof(EtcdHealthReport), typeof(bool))]
public sealed class TestEtcdHealthCommand : ClusterCheckCommand
{
    private protected override async Task<object> CheckAsync(
        EtcdConnection connection,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        EtcdHealthReport report = await connection.Cluster.CheckHealthAsync(CallTimeout, observer, cancellationToken);
        return Quiet ? report.IsHealthy : report;
    }
}

using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Reports whether clusters are healthy, and lists current and expected problems.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdHealth")]
[OutputType(typeof(EtcdHealthReport), typeof(bool))]
public sealed class TestEtcdHealthCommand : ClusterCommand
{
    /// <summary>Whether to return only true or false for each cluster.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The number of clusters to check at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        new ClusterThrottle(ThrottleLimit).RunAsync(
            connections,
            ProcessCost.Of,
            connection => CheckAsync(connection, observer, cancellationToken),
            cancellationToken
        );

    private async Task CheckAsync(EtcdConnection connection, IRunObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            EtcdHealthReport report = await connection.Cluster.CheckHealthAsync(
                CallTimeout,
                observer,
                cancellationToken
            );
            observer.Emit(Quiet ? report.IsHealthy : report);
        }
        catch (EtcdException error)
        {
            observer.ReportError(error);
        }
    }
}

using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>Tells whether clusters are healthy, and what is wrong or will be.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdHealth")]
[OutputType(typeof(EtcdHealthReport), typeof(bool))]
public sealed class TestEtcdHealthCommand : ClusterCommand
{
    /// <summary>Give only true or false, one for each cluster.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>How many clusters are checked at a time.</summary>
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

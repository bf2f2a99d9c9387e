using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Tells whether clusters are healthy, and what is wrong or will be.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EtcdHealth")]
[OutputType(typeof(EtcdHealthReport), typeof(bool))]
public sealed class TestEtcdHealthCommand : ClusterCommand
{
    /// <summary>Give only true or false, one for each cluster.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override Task RunAsync(IReadOnlyList<EtcdConnection> connections, IRunObserver observer, CancellationToken stop) =>
        Task.WhenAll(connections.Select(connection => CheckAsync(connection, observer, stop)));

    private async Task CheckAsync(EtcdConnection connection, IRunObserver observer, CancellationToken stop)
    {
        EtcdHealthReport report = await connection.Cluster.CheckHealthAsync(CallTimeout, observer, stop);
        observer.Emit(Quiet ? report.IsHealthy : report);
    }
}

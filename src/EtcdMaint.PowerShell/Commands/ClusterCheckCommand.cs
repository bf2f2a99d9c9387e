using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <summary>A cmdlet that checks several clusters in parallel and returns one report for each.</summary>
public abstract class ClusterCheckCommand : ClusterCommand
{
    /// <summary>Whether to return only true or false for each cluster.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The number of clusters to check at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Returns the report, or true or false for <see cref="Quiet"/>.</summary>
    private protected abstract Task<object> CheckAsync(
        EtcdConnection connection,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    private protected override Task RunAsync(
        IReadOnlyList<EtcdConnection> connections,
        IRunObserver observer,
        CancellationToken cancellationToken
    ) =>
        new ClusterThrottle(ThrottleLimit).RunAsync(
            connections,
            ProcessCost.Of,
            connection => EmitAsync(connection, observer, cancellationToken),
            cancellationToken
        );

    private async Task EmitAsync(EtcdConnection connection, IRunObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            observer.Emit(await CheckAsync(connection, observer, cancellationToken));
        }
        catch (EtcdException error)
        {
            observer.ReportError(error);
        }
    }
}

using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Operations.Space;

/// <summary>Tells what fills the database of a cluster, and who writes it.</summary>
internal sealed class SpaceUsageRun(
    ClusterContext context,
    EtcdConnection connection,
    SpaceUsageRequest request,
    IRunObserver observer
)
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{context} {connection} {request} {observer} {cancellationToken}");
}

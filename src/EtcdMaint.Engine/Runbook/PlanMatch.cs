using EtcdMaint.Plans;

namespace EtcdMaint.Engine.Runbook;

/// <summary>The part of a plan that is about the cluster of a connection.</summary>
/// <param name="Cluster">The plan for the cluster; null if the run must not attempt it.</param>
/// <param name="Reason">Why the run must not attempt it; null if it may.</param>
/// <param name="IsOutdated">Whether the reason is a change since the plan was made.</param>
internal sealed record PlanMatch(EtcdClusterPlan? Cluster, string? Reason, bool IsOutdated = false)
{
    /// <summary>Finds the cluster by its ID. The name only shows whether another cluster has taken its place.</summary>
    /// <param name="plan">The plan for all clusters.</param>
    /// <param name="connection">The connection to the cluster, after a member has answered.</param>
    public static PlanMatch Find(EtcdMaintenancePlan plan, EtcdConnection connection)
    {
        EtcdClusterPlan? found =
            plan.Cluster.FirstOrDefault(cluster => cluster.ClusterId == connection.ClusterId)
            ?? plan.Cluster.FirstOrDefault(cluster => cluster.ClusterName == connection.ClusterName);
        if (found is null)
            return new PlanMatch(null, $"plan {plan.PlanId} does not contain this cluster");
        if (found.ClusterId.Length > 0 && found.ClusterId != connection.ClusterId)
            return new PlanMatch(
                null,
                $"the cluster of this name had the ID {found.ClusterId} and now has the ID {connection.ClusterId}",
                IsOutdated: true
            );
        return PlanCoverage.IsRunnable(found)
            ? new PlanMatch(found, null)
            : new PlanMatch(null, PlanCoverage.DescribeUnplanned(found));
    }
}

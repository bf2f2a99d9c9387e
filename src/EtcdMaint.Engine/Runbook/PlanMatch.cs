using EtcdMaint.Plans;

namespace EtcdMaint.Engine.Runbook;

/// <summary>The part of a plan that is about the cluster of a connection.</summary>
/// <param name="Cluster">The plan for the cluster; null if the run must not attempt it.</param>
/// <param name="Reason">Why the run must not attempt it; null if it may.</param>
/// <param name="IsOutdated">Whether the reason is a change since the plan was made.</param>
internal sealed record PlanMatch(EtcdClusterPlan? Cluster, string? Reason, bool IsOutdated = false)
{
    /// <summary>
    /// Finds the cluster by its ID and its name. Clusters that were created from one template have the same ID, so the
    /// ID alone is not enough, and another cluster can have taken the place behind the name.
    /// </summary>
    /// <param name="plan">The plan for all clusters.</param>
    /// <param name="connection">The connection to the cluster, after a member has answered.</param>
    public static PlanMatch Find(EtcdMaintenancePlan plan, EtcdConnection connection)
    {
        EtcdClusterPlan? found = plan
            .Cluster.Where(cluster => cluster.ClusterName == connection.ClusterName)
            .MaxBy(cluster => cluster.ClusterId == connection.ClusterId);
        if (found is null)
            return new PlanMatch(null, DescribeUnknown(plan, connection));
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

    private static string DescribeUnknown(EtcdMaintenancePlan plan, EtcdConnection connection)
    {
        string unknown = $"plan {plan.PlanId} does not contain this cluster";
        return plan.Cluster.FirstOrDefault(cluster => cluster.ClusterId == connection.ClusterId) is { } other
            ? $"{unknown}; it contains the cluster ID {other.ClusterId} with the name '{other.ClusterName}'"
            : unknown;
    }
}

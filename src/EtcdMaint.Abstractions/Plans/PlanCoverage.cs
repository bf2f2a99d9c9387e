using EtcdMaint.Fleet;

namespace EtcdMaint.Plans;

/// <summary>The clusters of a plan that no run attempts. Each has a report too.</summary>
internal static class PlanCoverage
{
    /// <param name="plan">The plan.</param>
    /// <param name="connections">The connections of the run.</param>
    /// <param name="unreachable">The clusters to which no connection could be made. They have a report.</param>
    /// <param name="at">The current time.</param>
    public static IEnumerable<EtcdMaintenanceReport> FindMissing(
        EtcdMaintenancePlan plan,
        IReadOnlyList<EtcdConnection> connections,
        IReadOnlyList<UnreachableCluster> unreachable,
        DateTimeOffset at
    )
    {
        HashSet<string> names =
        [
            .. connections.Select(connection => connection.ClusterName),
            .. unreachable.Select(failed => PlainText.Of(failed.ClusterName)),
        ];
        return plan
            .Cluster.Where(cluster => !names.Contains(cluster.ClusterName))
            .Select(cluster => new EtcdMaintenanceReport
            {
                ClusterName = cluster.ClusterName,
                ClusterId = cluster.ClusterId,
                Status = EtcdMaintenanceStatus.NotAttempted,
                Reason = IsRunnable(cluster)
                    ? "no connection leads to this cluster of the plan"
                    : DescribeUnplanned(cluster),
                PlanId = plan.PlanId,
                StartedAt = at,
            });
    }

    /// <summary>Whether the cluster could be planned.</summary>
    public static bool IsRunnable(EtcdClusterPlan cluster) =>
        cluster.Status is EtcdMaintenanceStatus.Planned or EtcdMaintenanceStatus.NothingToDo;

    /// <summary>Returns why the plan has no steps for the cluster, in one sentence.</summary>
    public static string DescribeUnplanned(EtcdClusterPlan cluster) =>
        $"the plan has no steps for this cluster, because it could not be planned: {cluster.Reason}";
}

using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>The first step of a report succeeds if maintenance may begin, and says what the check found.</summary>
[Collection<SimulatedClusters>]
public sealed class HealthStepTests
{
    [Fact]
    public async Task A_step_that_found_the_alarm_reports_it_as_the_result_of_the_check()
    {
        var cluster = new CalmCluster();
        cluster.Etcd.Arm(cluster[0], EtcdAlarmType.NoSpace);
        EtcdMaintenanceReport report = await cluster.PlanMaintenanceAsync();
        EtcdMaintenanceStep health = report.Step[0];
        Assert.Equal(
            ("Health", EtcdMaintenanceStatus.Succeeded, "checked: NOSPACE is armed"),
            (health.Name, health.Status, health.Reason)
        );
    }
}

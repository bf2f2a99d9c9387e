using EtcdMaint.PowerShell.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>A plan that is made in one session and run in another, on real etcd.</summary>
[Trait("Kind", "Real")]
public sealed class RealPlanTests
{
    [Fact]
    public async Task Plan_on_Monday_and_run_on_Tuesday_in_another_session_and_culture()
    {
        await using ShellOnCluster monday = await ShellOnCluster.StartAsync(new ClusterOptions { Members = 3 });
        await monday.AgeAsync();
        string file = Path.Combine(Directory.CreateTempSubdirectory("etcdmaint-plan-").FullName, "plan.json");
        Outcome planned = monday.Shell.Run(
            $"New-EtcdMaintenancePlan '{file}' -KeepRevisions 0 -KeepDuration 0:0:0 -MinimumFreeBytes 1MB "
                + "-Override DiskSpaceUnknown"
        );
        Assert.Empty(planned.ErrorText);
        EtcdClusterPlan cluster = Assert.IsType<EtcdMaintenancePlan>(Assert.Single(planned.Output)).Cluster[0];
        Assert.Empty(monday.Defragmented());

        using var tuesday = new Shell();
        Outcome run = tuesday.Run(
            $"[cultureinfo]::CurrentCulture = 'de-DE'; {ShellOnCluster.ConnectScript(monday.Cluster, "real")} | "
                + $"Invoke-EtcdMaintenance -Plan '{file}'"
        );
        Assert.Empty(run.ErrorText);
        var report = Assert.IsType<EtcdMaintenanceReport>(Assert.Single(run.Output));
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Equal(cluster.Member.Select(member => member.MemberName), monday.Defragmented());
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}

using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Cultures;

/// <summary>A plan that one process makes and another process with another culture runs, on real etcd.</summary>
public sealed class PlanProcessTests
{
    [Fact]
    public async Task A_plan_of_one_process_runs_in_another_one_with_another_culture()
    {
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        await cluster.Loader.LoadAsync(
            liveBytes: 1_000_000,
            deadBytes: 20_000_000,
            cancellation: TestContext.Current.CancellationToken
        );
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "plan.json");
        string[] planned = await RunAsync(
            $"$null = Invoke-EtcdCompaction; (New-EtcdMaintenancePlan '{file}' -MinimumFreeBytes 1MB "
                + "-MinimumFragmentationRatio 0.35 -Override DiskSpaceUnknown).Cluster.MemberPlan.MemberName",
            "de_DE.UTF-8"
        );
        Assert.Equal(3, planned.Length);
        Assert.Empty(EtcdLogs.Defragmentations(cluster));

        string[] report = await RunAsync(
            $"$report = Invoke-EtcdMaintenance -Plan '{file}'; $report.Status; $report.PlanId",
            "th_TH.UTF-8"
        );
        Assert.Equal("Succeeded", report[0]);
        Assert.Contains($"\"planId\": \"{report[1]}\"", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(planned, EtcdLogs.Defragmentations(cluster).Select(done => done.Member));

        async Task<string[]> RunAsync(string script, string culture)
        {
            ShellResult result = await Pwsh.RunAsync(
                $"Import-Module '{Repository.Manifest}'; {script}",
                new Dictionary<string, string>(cluster.ConnectionEnvironment) { ["LC_ALL"] = culture }
            );
            result.MustHaveSucceeded();
            return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
    }
}

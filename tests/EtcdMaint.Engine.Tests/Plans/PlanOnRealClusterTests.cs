using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Plans;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>A plan of a real cluster, through its file.</summary>
[Trait("Kind", "Real")]
public sealed class PlanOnRealClusterTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_moved_leader_outdates_the_plan_and_a_new_plan_runs()
    {
        await using RealCluster real = await RunbookScenario.StartAsync(quota: null);
        await real.Etcd.Loader.LoadAsync(3_000_000, 20_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        EtcdMaintenancePlan outdated = await PlanAsync(real);
        string before = outdated.Cluster[0].Leader!;
        EtcdMemberStatus? now = await real.Cluster.MoveLeaderAsync(
            null,
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );

        RunRecorder refused = await RunAsync(real, outdated);
        output.WriteLine(refused.Report().Describe());
        Assert.Equal(EtcdMaintenanceStatus.NotAttempted, refused.Report().Status);
        Assert.Equal($"the leader was {before} and is now {now}", refused.Report().Reason);
        Assert.Equal("PlanOutdated", Assert.Single(refused.Errors).ErrorId);
        Assert.False(refused.Report().ChangeBegan);
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));

        EtcdMaintenancePlan plan = await PlanAsync(real);
        EtcdMaintenanceReport report = (await RunAsync(real, plan)).Report();
        output.WriteLine(report.Describe());
        Assert.Equal((EtcdMaintenanceStatus.Succeeded, plan.PlanId), (report.Status, report.PlanId));
        Assert.Equal(
            plan.Cluster[0].MemberPlan.Select(member => member.MemberName),
            EtcdLogs.Defragmentations(real.Etcd).Select(done => done.Member)
        );
        Assert.InRange(
            report.BytesReclaimed,
            plan.BytesReclaimedMinimum * 8 / 10,
            plan.BytesReclaimedMaximum * 12 / 10
        );
    }

    private static async Task<EtcdMaintenancePlan> PlanAsync(RealCluster real)
    {
        MaintenanceRequest request = RunbookScenario.With(d => d with { PlanOnly = true }) with { PlanOnly = true };
        var recorder = new RunRecorder { Answer = (_, _) => false };
        EtcdMaintenanceReport report = (await real.MaintainAsync(request, recorder)).Report();
        EtcdMaintenancePlan plan = PlanBuilder.Build([report], request, null, DateTimeOffset.UtcNow);
        return PlanDocument.Parse(PlanDocument.Render(plan), "plan.json");
    }

    private static Task<RunRecorder> RunAsync(RealCluster real, EtcdMaintenancePlan plan) =>
        real.MaintainAsync(PlanRequest.Of(plan, RunbookScenario.Request));
}

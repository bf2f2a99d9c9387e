using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>From an armed alarm to accepted writes in one call, on each release.</summary>
[Trait("Kind", "Real")]
public sealed class RescueTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    public static TheoryData<string> Oldest => TestProfile.Oldest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Space_is_returned_before_the_quota_is_reached()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.LoadAsync(1_000_000, 19_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        EtcdMaintenanceReport report = (
            await real.MaintainAsync(RunbookScenario.With(d => d with { MinimumFreeBytes = 100_000_000 }))
        ).Report();
        output.WriteLine(report.Describe());
        Assert.Equal(3, report.Defrag.Count(d => d.Status is EtcdDefragStatus.Defragmented));
        Assert.All(report.After, s => Assert.True(s.QuotaUsedRatio < 0.2, s.MemberName));
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_full_cluster_accepts_writes_through_every_member_again(string release)
    {
        await using RealCluster real = await RunbookScenario.StartAsync(await Releases.OrSkipAsync(release));
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        string leader = (await real.Etcd.LeaderAsync(Cancellation)).Id;

        // Thresholds that no member reaches: members over their quota are defragmented nevertheless.
        RunRecorder run = await real.MaintainAsync(
            RunbookScenario.With(d => d with { MinimumFreeBytes = 1_000_000_000 })
        );
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());

        Assert.True(report.Status is EtcdMaintenanceStatus.Succeeded, report.Describe() + real.Logs());
        Assert.Equal(
            ["Health:Succeeded", "Compaction:Succeeded", "Defrag:Succeeded", "Alarm:Succeeded"],
            report.Steps()[..4]
        );
        Assert.Equal("Verification:Succeeded", report.Steps()[^1]);
        Assert.Equal(3, report.Defrag.Count(d => d.Status is EtcdDefragStatus.Defragmented));
        Assert.Equal(leader, report.Defrag[^1].MemberId);
        Assert.Equal(report.Defrag, real.Connection.LastRun!.Result);
        Assert.All(
            report.Defrag,
            d => Assert.InRange(d.StartedAt!.Value, report.StartedAt, report.StartedAt + report.Duration)
        );
        Assert.NotEmpty(report.Alarm);
        Assert.All(report.Alarm, a => Assert.Equal(EtcdAlarmStatus.Cleared, a.Status));
        Assert.All(report.After, m => Assert.Empty(m.Alarm));
        Assert.Contains(report.FindingBefore, f => f.FindingId == "NoSpaceArmed");
        Assert.DoesNotContain(report.FindingAfter, f => f.FindingId == "NoSpaceArmed");
        Assert.True(report.BytesReclaimed > 30_000_000, report.Describe());
        Assert.Empty(run.Errors);

        IReadOnlyList<Defragmentation> logged = EtcdLogs.Defragmentations(real.Etcd);
        Assert.Equal(3, logged.Count);
        Assert.Empty(EtcdLogs.Overlaps(logged));
        foreach (ClusterMember member in real.Etcd.Members)
            await real.Etcd.KeyValues.PutAsync($"after/{member.Name}", "written", member, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Oldest))]
    public async Task History_that_was_compacted_manually_does_not_count_as_live_data(string release)
    {
        await using RealCluster real = await RunbookScenario.StartAsync(await Releases.OrSkipAsync(release));
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        long newest = await real.Etcd.KeyValues.RevisionAsync(Cancellation);
        (await real.Etcd.EtcdctlAsync("compact", $"{newest}", "--physical")).OutputOrThrow();

        EtcdMaintenanceReport report = (await real.MaintainAsync()).Report();
        output.WriteLine(report.Describe());
        Assert.True(report.Status is EtcdMaintenanceStatus.Succeeded, report.Describe());
        Assert.Contains("Compaction:Skipped", report.Steps());
        Assert.All(report.Compaction, c => Assert.Equal(EtcdCompactionStatus.AlreadyCompacted, c.Status));
        await real.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_an_alarm_that_was_left_armed_is_cleared_without_a_pause()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await AssertPlanChangesNothingAsync(real);
        await real.CompactAsync();
        await real.DefragmentAsync();

        EtcdMaintenanceReport report = (await real.MaintainAsync()).Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.Succeeded, report.Status);
        Assert.Equal(3, EtcdLogs.Defragmentations(real.Etcd).Count);
        await real.Etcd.KeyValues.PutAsync("after", "the run", cancellation: Cancellation);
    }

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task Live_data_over_the_quota_costs_no_pause_and_after_a_manual_compaction_at_most_one(string release)
    {
        await using RealCluster real = await RunbookScenario.StartAsync(await Releases.OrSkipAsync(release));
        await real.FillWithLiveDataAsync();

        RunRecorder run = await real.MaintainAsync();
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.Failed, report.Status);
        EtcdException error = Assert.Single(run.Errors);
        Assert.Equal("LiveDataOverQuota", error.ErrorId);
        Assert.Contains(" Largest: live/ ", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("live/", report.LargestResource[0].Prefix);
        Assert.Contains("no member was defragmented", report.Reason, StringComparison.Ordinal);
        Assert.Empty(report.Defrag);
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
        Assert.NotEmpty(report.After);

        // The same data after a manual compaction, which leaves nothing for the run to compact.
        await real.CompactAsync();
        RunRecorder afterwards = await real.MaintainAsync();
        output.WriteLine(afterwards.Report().Describe());
        Assert.Equal("LiveDataOverQuota", Assert.Single(afterwards.Errors).ErrorId);
        Assert.InRange(EtcdLogs.Defragmentations(real.Etcd).Count, 0, 1);
    }

    private async Task AssertPlanChangesNothingAsync(RealCluster real)
    {
        long revision = await real.Etcd.KeyValues.RevisionAsync(Cancellation);
        string folder = Directory.CreateTempSubdirectory("etcdmaint-plan-").FullName;
        try
        {
            MaintenanceRequest plan = RunbookScenario.With(d => d with { PlanOnly = true }) with
            {
                PlanOnly = true,
                SnapshotPath = folder,
            };
            var recorder = new RunRecorder { Answer = (_, _) => false };
            EtcdMaintenanceReport report = (await real.MaintainAsync(plan, recorder)).Report();
            output.WriteLine(recorder.Story + report.Describe());
            Assert.Equal(EtcdMaintenanceStatus.Planned, report.Status);
            Assert.Equal(
                ["Health:Succeeded", "Snapshot:Planned", "Compaction:Planned", "Defrag:Planned", "Alarm:Planned"],
                report.Steps()
            );
            Assert.Equal(3, report.Defrag.Length);
            Assert.All(report.Defrag, d => Assert.True(d.PredictedDuration > TimeSpan.Zero));
            Assert.All(report.Defrag, d => Assert.Null(d.BytesReclaimed));
            Assert.All(
                report.Defrag,
                d => Assert.Contains(", known after the compaction", d.Reason, StringComparison.Ordinal)
            );
            Assert.All(report.Defrag, d => Assert.Equal(d.BytesBefore, d.BytesReclaimedMaximum));
            Assert.All(report.Defrag, d => Assert.InRange(d.BytesReclaimedMinimum!.Value, 0, d.BytesBefore!.Value));
            Assert.DoesNotContain("reclaims about", recorder.Story, StringComparison.Ordinal);
            Assert.Contains("to reclaim, known during the run", report.Describe(), StringComparison.Ordinal);
            Assert.All(report.Alarm, a => Assert.Equal(EtcdAlarmStatus.Planned, a.Status));
            Assert.NotEmpty(report.Alarm);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Equal(revision, await real.Etcd.KeyValues.RevisionAsync(Cancellation));
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
    }
}

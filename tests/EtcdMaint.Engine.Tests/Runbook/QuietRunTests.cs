using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>
/// Runs that change nothing: no member would benefit, the kill switch is set, or the cluster is unhealthy.
/// </summary>
[Trait("Kind", "Real")]
public sealed class QuietRunTests(ITestOutputHelper output)
{
    public static TheoryData<string> AllReleases => Releases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(AllReleases))]
    public async Task A_run_with_nothing_to_do_costs_only_a_few_reads(string release)
    {
        await using RealCluster real = await RealCluster.StartAsync(
            new ClusterOptions { Members = 3, Binaries = await Releases.OrSkipAsync(release) }
        );
        await real.Etcd.Loader.LoadAsync(3_000_000, 1_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        long revision = await real.Etcd.KeyValues.RevisionAsync(Cancellation);
        ServerCalls before = await ServerCalls.ReadAsync(real.Etcd);

        EtcdMaintenanceReport report = (await real.MaintainAsync()).Report();

        SortedDictionary<string, int> calls = (await ServerCalls.ReadAsync(real.Etcd)).Since(before);
        output.WriteLine(report.Describe());
        output.WriteLine(string.Join(", ", calls.Select(c => $"{c.Key} {c.Value}")));
        Assert.Equal(EtcdMaintenanceStatus.NothingToDo, report.Status);
        Assert.Equal(["Health:Succeeded"], report.Steps());
        Assert.Empty(report.After);
        Assert.Empty(report.LargestResource);
        string[] reads = ["HashKV", "MemberList", "Range", "Status", "Watch"];
        Assert.All(calls.Keys, method => Assert.Contains(method, reads));
        Assert.InRange(calls["Status"], 3, 3);
        Assert.InRange(calls["HashKV"], 3, 3);
        Assert.InRange(calls["MemberList"], 3, 6);
        Assert.InRange(calls["Range"], 1, 3);
        Assert.InRange(calls.GetValueOrDefault("Watch"), 0, 1);
        Assert.InRange(report.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(revision, await real.Etcd.KeyValues.RevisionAsync(Cancellation));
    }

    [Fact]
    public async Task A_rule_of_the_user_is_applied_too()
    {
        await using RealCluster real = await RealCluster.StartAsync(new ClusterOptions { Members = 3 });
        await real.Etcd.Loader.LoadAsync(3_000_000, 20_000_000, cancellation: Cancellation);
        await real.CompactAsync();
        MaintenanceRequest never = RunbookScenario.With(d =>
            d with
            {
                MinimumFragmentationRatio = null,
                MinimumFreeBytes = null,
                When = _ => Task.FromResult(false),
            }
        );
        Assert.Equal(EtcdMaintenanceStatus.NothingToDo, (await real.MaintainAsync(never)).Report().Status);

        MaintenanceRequest one = RunbookScenario.With(d =>
            d with
            {
                When = m => Task.FromResult(m.MemberName == "m2"),
            }
        );
        EtcdMaintenanceReport report = (await real.MaintainAsync(one)).Report();
        output.WriteLine(report.Describe());
        Assert.Equal("m2", Assert.Single(EtcdLogs.Defragmentations(real.Etcd)).Member);
        Assert.Equal(2, report.Defrag.Count(d => d.Status is EtcdDefragStatus.Skipped));
    }

    [Fact]
    public async Task The_kill_switch_prevents_the_run_even_on_an_unhealthy_cluster()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.KeyValues.PutAsync(
            "etcdmaint/disabled",
            "migration until Friday, ask Ann",
            cancellation: Cancellation
        );
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);

        RunRecorder run = await real.MaintainAsync();
        output.WriteLine(run.Report().Describe());
        Assert.Equal(EtcdMaintenanceStatus.Skipped, run.Report().Status);
        Assert.Contains(
            "etcdmaint/disabled is set: migration until Friday, ask Ann",
            run.Report().Reason,
            StringComparison.Ordinal
        );
        Assert.Empty(run.Errors);

        await real.Etcd.Members[2].KillAsync(Cancellation);
        Assert.Equal(EtcdMaintenanceStatus.Skipped, (await real.MaintainAsync()).Report().Status);
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
    }

    [Fact]
    public async Task A_cluster_with_a_member_down_is_not_changed_unless_overridden()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        await real.Etcd.Members[2].KillAsync(Cancellation);

        RunRecorder run = await real.MaintainAsync();
        output.WriteLine(run.Report().Describe());
        Assert.Equal(EtcdMaintenanceStatus.Failed, run.Report().Status);
        EtcdException error = Assert.Single(run.Errors);
        Assert.Equal("MemberDown", error.ErrorId);
        Assert.DoesNotContain("-Override", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["Health:Failed"], run.Report().Steps());
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
    }

    [Fact]
    public async Task Members_for_which_no_time_is_left_are_reported_as_not_started()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        MaintenanceRequest late = RunbookScenario.With(d => d with { NotAfter = DateTimeOffset.UtcNow });

        RunRecorder run = await real.MaintainAsync(late);
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.NotAttempted, report.Status);
        Assert.Contains("was not started: it would end after", report.Reason, StringComparison.Ordinal);
        Assert.Empty(run.Errors);
        Assert.DoesNotContain("Alarm", report.Step.Select(s => s.Name));
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));
    }

    [Fact]
    public async Task A_stopped_run_leaves_a_report_of_its_progress()
    {
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        int announced = 0;
        var recorder = new RunRecorder
        {
            Answer = (action, _) =>
            {
                if (action.StartsWith("Defragment", StringComparison.Ordinal) && ++announced == 2)
                    stop.Cancel();
                return true;
            },
        };

        EtcdMaintenanceReport report = (await real.MaintainAsync(recorder: recorder, stop: stop.Token)).Report();
        output.WriteLine(report.Describe());
        Assert.Equal(EtcdMaintenanceStatus.NotAttempted, report.Status);
        Assert.Equal("the run was ended on request", report.Reason);
        Assert.Single(report.Defrag, d => d.Status is EtcdDefragStatus.Defragmented);
        Assert.Equal(2, report.Defrag.Count(d => d.Status is EtcdDefragStatus.NotAttempted));
        Assert.Single(EtcdLogs.Defragmentations(real.Etcd));
        Assert.Null(
            (await real.Etcd.EtcdctlAsync("get", "etcdmaint/lock")).OutputOrThrow() is { Length: > 0 } left
                ? left
                : null
        );
    }
}

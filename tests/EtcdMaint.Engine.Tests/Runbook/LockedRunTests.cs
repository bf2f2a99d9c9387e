using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Journal;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A run on a cluster whose lock another run holds, for example a run that was killed a moment ago.</summary>
[Trait("Kind", "Real")]
public sealed class LockedRunTests(ITestOutputHelper output)
{
    private const string Key = "etcdmaint/lock";

    [Fact]
    public async Task It_is_not_attempted_although_it_compacted_and_its_retry_succeeds()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using RealCluster real = await RunbookScenario.StartAsync();
        await real.Etcd.KeyValues.PutAsync(
            Key,
            """{"Run":"6f0ab8a9-0b4e-4a55-8f4f-5b3a0e4f7a11","Host":"pod-7","User":"ann","ProcessId":7,"Since":"2026-11-01T02:00:00Z"}""",
            cancellation: cancellation
        );

        await real.Etcd.Loader.FillUntilNoSpaceAsync(cancellation: cancellation);

        RunRecorder run = await real.MaintainAsync();
        EtcdMaintenanceReport report = run.Report();
        output.WriteLine(report.Describe());
        Assert.Equal(["LockTaken"], run.Errors.Select(error => error.ErrorId));
        Assert.Equal((EtcdMaintenanceStatus.NotAttempted, 2), (report.Status, report.ExitCode));
        Assert.Contains("ann on pod-7, process 7", report.Reason, StringComparison.Ordinal);
        Assert.Equal(
            ["Health:Succeeded", "Compaction:Succeeded", "Defrag:NotAttempted", "Verification:Failed"],
            report.Steps()
        );
        Assert.True(report.ChangeBegan);
        Assert.False(new ResumePolicy(retriesFailed: false).IsDone(report));
        Assert.Empty(EtcdLogs.Defragmentations(real.Etcd));

        await real.Etcd.KeyValues.DeleteAsync(Key, cancellation);
        EtcdMaintenanceReport retry = (await real.MaintainAsync()).Report();
        output.WriteLine(retry.Describe());
        Assert.Equal((EtcdMaintenanceStatus.Succeeded, 0), (retry.Status, retry.ExitCode));
        Assert.Equal(["m1", "m2", "m3"], EtcdLogs.Defragmentations(real.Etcd).Select(d => d.Member).Order());
    }
}

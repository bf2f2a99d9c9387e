using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Defrag;

/// <summary>
/// The disk of a member is full when its defragmentation writes the second file. The file remains, and some releases
/// crash at the next write: the run stops there and says what to do, and the next run refuses a member that may still
/// crash.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class DiskFullFaultTests
{
    private const string Victim = "m1";

    private const long BytesLeft = 1_000_000;

    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Middle))]
    public Task During_writes_the_run_stops_and_says_what_to_do(string release) =>
        OnTinyDiskAsync(
            release,
            async (scenario, ballast) =>
            {
                RunRecorder run = await scenario.RunAsync(r =>
                    r with
                    {
                        ContinueOnError = true,
                        DefragTimeout = TimeSpan.FromSeconds(4),
                    }
                );

                // A queued write may crash the member before it has answered; then the crash is indistinguishable from
                // a kill.
                if (FaultScenario.RowOf(run, scenario.Member(Victim)).Status is EtcdDefragStatus.TimedOut)
                    Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                else
                    AssertSaysWhatToDo(scenario, run);
                File.Delete(ballast);
                await RestartAsync(scenario);
                await scenario.ProveAsync(run, WithoutKey);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task The_next_run_refuses_a_member_that_may_crash_until_it_is_restarted(string release) =>
        OnTinyDiskAsync(
            release,
            async (scenario, ballast) =>
            {
                Assert.SkipUnless(Dies(scenario), "This release survives a full disk.");
                RunRecorder run = await FailAsync(scenario);
                await AssertRefusedAsync(scenario);

                File.Delete(ballast);
                await RestartAsync(scenario);
                await scenario.ProveAsync(run, WithoutKey);
            }
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_member_that_has_written_since_its_failure_is_defragmented_without_a_restart(string release) =>
        OnTinyDiskAsync(
            release,
            async (scenario, ballast) =>
            {
                Assert.SkipUnless(
                    Dies(scenario) && scenario.Etcd.Binaries.Version < new Version(3, 5),
                    "Etcd 3.5 crashes at the next defragmentation too."
                );
                RunRecorder run = await FailAsync(scenario);
                await AssertRefusedAsync(scenario);

                // On 3.4 a second defragmentation repairs the member, and a write shows it.
                MakeRoom(scenario, ballast);
                (
                    await scenario.Etcd.EtcdctlAsync("defrag", "--endpoints", scenario.Member(Victim).ClientUrl)
                ).OutputOrThrow();
                await scenario.Etcd.KeyValues.PutAsync("after", "the failure", cancellation: Cancellation);
                await scenario.ProveAsync(run, WithoutKey, scenario.Member(Victim));
                await AssertWarnsAsync(scenario);
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_release_that_survives_a_full_disk_is_only_reported(string release) =>
        OnTinyDiskAsync(
            release,
            async (scenario, ballast) =>
            {
                Assert.SkipWhen(Dies(scenario), "This release does not survive a full disk.");
                RunRecorder run = await FailAsync(scenario);
                MakeRoom(scenario, ballast);
                await AssertWarnsAsync(scenario);
                await scenario.ProveAsync(run);
            }
        );

    private static bool Dies(FaultScenario scenario) => scenario.Etcd.Binaries.Version < new Version(3, 5, 17);

    private static async Task<RunRecorder> FailAsync(FaultScenario scenario)
    {
        await scenario.WriteNoMoreAsync();
        RunRecorder run = await scenario.RunAsync();
        AssertSaysWhatToDo(scenario, run);
        Assert.Equal(MemberState.Running, scenario.Member(Victim).State);
        return run;
    }

    private static async Task AssertRefusedAsync(FaultScenario scenario)
    {
        RunRecorder next = await scenario.RunAsync(r => r with { Override = AllBut(EtcdGate.DefragFailedBefore) });
        Assert.All(next.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
        EtcdException refusal = Assert.Single(next.Errors);
        Assert.Equal("DefragFailedBefore", refusal.ErrorId);
        Assert.Contains("db.tmp.*", refusal.RecommendedAction);
        Assert.Contains("-Override DefragFailedBefore", refusal.RecommendedAction);
        Assert.Equal(MemberState.Running, scenario.Member(Victim).State);
        Assert.True(scenario.Took < TimeSpan.FromSeconds(20));
    }

    private static async Task AssertWarnsAsync(FaultScenario scenario)
    {
        EtcdHealthReport health = await scenario.Real.Cluster.CheckHealthAsync(
            RealCluster.Timeout,
            new RunRecorder(),
            Cancellation
        );
        EtcdFinding finding = Assert.Single(health.Finding, f => f.FindingId == "DefragFailedBefore");
        Assert.Equal((EtcdFindingSeverity.Warning, Victim), (finding.Severity, finding.MemberName));
    }

    private static HashSet<EtcdGate> AllBut(EtcdGate gate) => [.. Enum.GetValues<EtcdGate>().Except([gate])];

    private static void MakeRoom(FaultScenario scenario, string ballast)
    {
        File.Delete(ballast);
        foreach (
            string left in Directory.GetFiles(Path.GetDirectoryName(scenario.Member(Victim).DatabaseFile)!, "db.tmp.*")
        )
            File.Delete(left);
    }

    private static async Task OnTinyDiskAsync(string release, Func<FaultScenario, string, Task> story)
    {
        Availability tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using TinyDisk disk = await TinyDisk.MountAsync(80, Cancellation);
        await FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                string ballast = Path.Combine(disk.FolderPath, "ballast");
                await File.WriteAllBytesAsync(ballast, new byte[disk.FreeBytes - BytesLeft], Cancellation);
                await story(scenario, ballast);
            },
            options =>
                options with
                {
                    DataFolder = name => name == Victim ? Path.Combine(disk.FolderPath, "data") : null,
                    WalFolder = name => $"{name}-wal",
                }
        );
    }

    private static void AssertSaysWhatToDo(FaultScenario scenario, RunRecorder run)
    {
        EtcdDefragResult row = FaultScenario.RowOf(run, scenario.Member(Victim));
        Assert.Equal(EtcdDefragStatus.Failed, row.Status);
        Assert.Equal("its disk is full", row.Reason);
        EtcdException error = Assert.Single(run.Errors);
        Assert.Equal("DefragDiskFull", error.ErrorId);
        Assert.Contains("db.tmp.*", error.RecommendedAction);
        Assert.Equal(Dies(scenario), error.RecommendedAction!.Contains("restart it at once"));
        Assert.DoesNotContain(
            run.Rows<EtcdDefragResult>().SkipWhile(r => r != row).Skip(1),
            r => r.Status != EtcdDefragStatus.NotAttempted
        );
    }

    /// <summary>If deleting the key would have crashed the member, it was left to expire.</summary>
    private static DefragRequest WithoutKey(DefragRequest request) => request with { NoClusterLock = true };

    private static async Task RestartAsync(FaultScenario scenario)
    {
        ClusterMember victim = scenario.Member(Victim);
        await victim.RestartAsync(Cancellation);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(victim.DatabaseFile)!, "db.tmp.*"));
        await LockLease.ExpireIfLeftAsync(scenario.Etcd);
    }
}

using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Faults;

/// <summary>
/// The disk of a member is full when its defragmentation writes the second file. The file stays, and some releases die
/// at the next write: the run stops there and says what to do, and the next run sees it.
/// </summary>
public sealed class DiskFullTests
{
    private const string Victim = "m1";

    private const long BytesLeft = 1_000_000;

    public static TheoryData<string> Oldest => Spread.Oldest;

    public static TheoryData<string> Middle => Spread.Middle;

    public static TheoryData<string> Newest => Spread.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Middle))]
    public Task Under_writes_the_run_stops_with_what_to_do(string release) => OnTinyDiskAsync(release, async (drill, ballast) =>
    {
        RunRecorder run = await drill.RunAsync(r => r with { ContinueOnError = true, DefragTimeout = TimeSpan.FromSeconds(4) });

        // A write that waited may crash the member before it has answered; then nobody can tell it from a kill.
        if (Drill.RowOf(run, drill.Member(Victim)).Status is EtcdDefragStatus.TimedOut)
            Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
        else
            AssertSaysWhatToDo(drill, run);
        File.Delete(ballast);
        await RestartAsync(drill);
        await drill.ProveAsync(run, WithoutKey);
    });

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task While_nobody_writes_the_member_lives_and_the_next_run_refuses(string release) => RefusesAsync(release);

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_release_that_survives_it_is_recognised_too(string release) => RefusesAsync(release);

    private static Task RefusesAsync(string release) => OnTinyDiskAsync(release, async (drill, ballast) =>
    {
        await drill.WriteNoMoreAsync();
        RunRecorder run = await drill.RunAsync();
        AssertSaysWhatToDo(drill, run);
        Assert.Equal(MemberState.Running, drill.Member(Victim).State);

        RunRecorder next = await drill.RunAsync();
        Assert.All(next.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
        EtcdException refusal = Assert.Single(next.Errors);
        Assert.Equal("DiskTooFull", refusal.ErrorId);
        Assert.Contains("db.tmp.*", refusal.RecommendedAction);
        Assert.Equal(MemberState.Running, drill.Member(Victim).State);
        Assert.True(drill.Took < TimeSpan.FromSeconds(20));

        File.Delete(ballast);
        await RestartAsync(drill);
        await drill.ProveAsync(run, WithoutKey);
    });

    private static async Task OnTinyDiskAsync(string release, Func<Drill, string, Task> story)
    {
        Availability tiny = await TinyDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(tiny.IsAvailable, tiny.Reason);
        await using TinyDisk disk = await TinyDisk.MountAsync(80, Cancellation);
        await Drill.HoldAsync(
            release,
            async drill =>
            {
                string ballast = Path.Combine(disk.FolderPath, "ballast");
                await File.WriteAllBytesAsync(ballast, new byte[disk.FreeBytes - BytesLeft], Cancellation);
                await story(drill, ballast);
            },
            options => options with
            {
                DataFolder = name => name == Victim ? Path.Combine(disk.FolderPath, "data") : null,
                WalFolder = name => $"{name}-wal",
            });
    }

    private static void AssertSaysWhatToDo(Drill drill, RunRecorder run)
    {
        EtcdDefragResult row = Drill.RowOf(run, drill.Member(Victim));
        Assert.Equal(EtcdDefragStatus.Failed, row.Status);
        Assert.Equal("its disk is full", row.Reason);
        EtcdException error = Assert.Single(run.Errors);
        Assert.Equal("DefragDiskFull", error.ErrorId);
        Assert.Contains("db.tmp.*", error.RecommendedAction);
        Assert.Equal(drill.Etcd.Binaries.Version < new Version(3, 5, 17), error.RecommendedAction!.Contains("restart it at once"));
        Assert.DoesNotContain(run.Rows<EtcdDefragResult>().SkipWhile(r => r != row).Skip(1), r => r.Status != EtcdDefragStatus.NotAttempted);
    }

    /// <summary>Where giving the key back would have crashed the member, it was left to expire.</summary>
    private static DefragRequest WithoutKey(DefragRequest request) => request with { NoClusterLock = true };

    private static async Task RestartAsync(Drill drill)
    {
        ClusterMember victim = drill.Member(Victim);
        await victim.RestartAsync(Cancellation);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(victim.DatabaseFile)!, "db.tmp.*"));
    }
}

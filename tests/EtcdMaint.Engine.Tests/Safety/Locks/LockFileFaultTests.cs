using System.Diagnostics;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>
/// The lock file of this machine is held, or is not a file that a run may open: the run ends without a call to any
/// member.
/// </summary>
[Trait("Kind", "Fault")]
public sealed class LockFileFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Middle => TestProfile.Middle;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_symbolic_link_is_not_followed(string release) =>
        HoldAsync(
            release,
            async (scenario, path) =>
            {
                string target = Path.Combine(scenario.Etcd.FolderPath, "precious");
                await File.WriteAllTextAsync(target, "as it was", Cancellation);
                File.CreateSymbolicLink(path, target);

                RunRecorder run = await TurnedAwayAsync(scenario, "LockFileUnusable", "it is a symbolic link");
                Assert.Equal("as it was", await File.ReadAllTextAsync(target, Cancellation));
                File.Delete(path);
                return run;
            }
        );

    [Theory]
    [MemberData(nameof(Middle))]
    public Task A_folder_in_place_of_the_lock_file_is_not_changed(string release) =>
        HoldAsync(
            release,
            async (scenario, path) =>
            {
                Directory.CreateDirectory(path);
                try
                {
                    return await TurnedAwayAsync(scenario, "LockFileUnusable", "it is a folder");
                }
                finally
                {
                    Directory.Delete(path);
                }
            }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task A_program_that_holds_the_lock_file_is_named_and_releases_it_when_it_ends(string release) =>
        HoldAsync(
            release,
            async (scenario, path) =>
            {
                string? flock = Command.Find("flock");
                Assert.SkipWhen(flock is null, "There is no flock here.");
                using Process holder = Process.Start(
                    new ProcessStartInfo(flock, ["--no-fork", path, "sh", "-c", "echo held; exec sleep 60"])
                    {
                        RedirectStandardOutput = true,
                    }
                )!;
                try
                {
                    Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Cancellation));
                    return await TurnedAwayAsync(
                        scenario,
                        "LockTaken",
                        $"held by process {holder.Id} of the user with ID"
                    );
                }
                finally
                {
                    holder.Kill();
                    await holder.WaitForExitAsync(CancellationToken.None);
                }
            }
        );

    private static Task HoldAsync(string release, Func<FaultScenario, string, Task<RunRecorder>> story)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other locks.");
        return FaultScenario.HoldAsync(
            release,
            async scenario =>
                await scenario.ProveAsync(
                    await story(
                        scenario,
                        Path.Combine(MachineLock.Folder, $"etcdmaint-{scenario.Real.Connection.ClusterId}.lock")
                    )
                ),
            behindProxies: true
        );
    }

    /// <summary>
    /// The members are unreachable meanwhile: a run that called one of them would take longer and end differently.
    /// </summary>
    private static async Task<RunRecorder> TurnedAwayAsync(FaultScenario scenario, string errorId, string why)
    {
        foreach (ClusterMember member in scenario.Etcd.Members)
            scenario.Proxy(member).Cut();
        RunRecorder run = await scenario.RunAsync();

        Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.NotAttempted, r.Status));
        EtcdException taken = Assert.Single(run.Errors);
        Assert.Equal(errorId, taken.ErrorId);
        Assert.Contains(why, taken.Message);
        return run;
    }
}

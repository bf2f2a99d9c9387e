using System.Diagnostics;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>A lock file can name a run that has ended, because another user could not write the file.</summary>
public sealed class HolderProcessTests
{
    private static LockHolder Me => LockHolder.Me(TimeProvider.System);

    [Fact]
    public void A_process_that_runs_has_not_ended() => Assert.False(HolderProcess.IsGone(Me));

    [Fact]
    public async Task A_process_that_ended_is_gone()
    {
        using Process ended = OperatingSystem.IsWindows()
            ? Process.Start(Path.Combine(Environment.SystemDirectory, "cmd.exe"), ["/c", "exit"])
            : Process.Start(Command.Find("true")!, Array.Empty<string>());
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(HolderProcess.IsGone(Me with { ProcessId = ended.Id }));
        Assert.True(HolderProcess.IsGone(Me with { ProcessId = -1 }));
    }

    [Fact]
    public void A_later_process_with_the_same_ID_is_not_the_holder() =>
        Assert.True(HolderProcess.IsGone(Me with { Since = DateTimeOffset.UnixEpoch }));

    [Fact]
    public void The_processes_of_another_machine_are_not_known() =>
        Assert.False(HolderProcess.IsGone(Me with { Host = "elsewhere", ProcessId = -1 }));

    [Fact]
    public void LockTaken_does_not_name_a_run_that_has_ended_as_the_holder()
    {
        string message = LockErrors.TakenHere("one", "file", null, Me, hasEnded: true).Message;
        Assert.Contains("which has ended, so the holder of the lock is not known", message, StringComparison.Ordinal);
    }
}

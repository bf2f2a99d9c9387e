using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Screens;

/// <summary>
/// What a person sees in a terminal after Ctrl+C, while a member of a real cluster is being defragmented slowly.
/// </summary>
public sealed class StoppedRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task A_stop_is_announced_at_once_and_the_members_are_named_at_the_end(int columns)
    {
        Availability slow = await SlowDisk.CheckAsync(Cancellation);
        Assert.SkipUnless(slow.IsAvailable, slow.Reason);
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3 },
            Cancellation
        );
        await cluster.Loader.LoadAsync(liveBytes: 20_000_000, deadBytes: 20_000_000, cancellation: Cancellation);
        long newest = await cluster.KeyValues.RevisionAsync(Cancellation);
        (await cluster.EtcdctlAsync("compact", $"{newest}", "--physical")).OutputOrThrow();
        await using SlowDisk first = await SlowDisk.AttachAsync(cluster.Members[0], Delay, Cancellation);
        await using SlowDisk second = await SlowDisk.AttachAsync(cluster.Members[1], Delay, Cancellation);
        await using SlowDisk third = await SlowDisk.AttachAsync(cluster.Members[2], Delay, Cancellation);
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "stopped.ps1");
        await File.WriteAllLinesAsync(
            file,
            [
                $"Import-Module '{Path.Combine(Repository.Module, "EtcdMaint.psd1")}'",
                "$ProgressPreference = 'SilentlyContinue'",
                $"Connect-EtcdCluster '{string.Join("','", cluster.ClientUrls)}' -ClusterName small > $null",
                "Get-EtcdMember | Invoke-EtcdDefrag -Override DiskSpaceUnknown -Verbose",
            ],
            Cancellation
        );

        string shown = await Terminal.RunAsync(file, columns, stopAt: "defragmentation started");
        TestContext.Current.TestOutputHelper?.WriteLine(shown);
        string text = shown.Replace("\n", " ", StringComparison.Ordinal);
        int announced = text.IndexOf("StopRequested: Stopping after m", StringComparison.Ordinal);
        int ended = text.IndexOf("inished and verified: m", StringComparison.Ordinal);
        Assert.True(announced > 0 && ended > announced, shown);
        Assert.Contains("not started: m", text, StringComparison.Ordinal);
        Assert.Contains("LastRun.Result", text, StringComparison.Ordinal);
    }

    private static TimeSpan Delay => TimeSpan.FromMilliseconds(5);
}

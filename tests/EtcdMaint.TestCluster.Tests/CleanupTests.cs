using System.Diagnostics;

namespace EtcdMaint.TestCluster.Tests;

public sealed class CleanupTests
{
    private const string ReportVariable = "ETCDMAINT_TEST_REPORT";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The tests below run this in a separate process.</summary>
    [Fact(Explicit = true)]
    public async Task Starts_a_cluster_and_waits_to_be_killed()
    {
        var report = Environment.GetEnvironmentVariable(ReportVariable);
        Assert.SkipUnless(report is not null, "Another test starts this one.");
        var cluster = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);
        await File.WriteAllLinesAsync(
            report + ".part",
            [cluster.FolderPath, .. cluster.Members.Select(member => $"{member.ProcessId}")],
            Cancellation
        );
        File.Move(report + ".part", report);
        await Task.Delay(TimeSpan.FromMinutes(2), Cancellation);
    }

    [Fact]
    public async Task A_killed_test_process_takes_its_clusters_with_it()
    {
        using var victim = await Victim.StartAsync(Cancellation);
        Assert.All(victim.Members, member => Assert.True(member.IsAlive));

        victim.Process.Kill();
        await victim.WaitUntilGoneAsync(Cancellation);
    }

    [Fact]
    public async Task What_a_killed_watchdog_left_is_removed_by_the_next_process()
    {
        using var victim = await Victim.StartAsync(Cancellation);
        foreach (var watchdog in victim.Watchdogs())
            ProcessSignal.Kill(watchdog);
        victim.Process.Kill();
        await victim.Process.WaitForExitAsync(Cancellation);
        Assert.All(victim.Members, member => Assert.True(member.IsAlive));

        FolderSweep.Run();
        await victim.WaitUntilGoneAsync(Cancellation);
    }

    private sealed record Victim(Process Process, string Folder, IReadOnlyList<ProcessMark> Members) : IDisposable
    {
        public static async Task<Victim> StartAsync(CancellationToken cancellation)
        {
            var report = Path.Combine(Path.GetTempPath(), $"etcdmaint-report-{Guid.NewGuid():N}");
            var start = new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    "-explicit",
                    "only",
                    "-method",
                    $"{typeof(CleanupTests).FullName}.{nameof(Starts_a_cluster_and_waits_to_be_killed)}",
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[ReportVariable] = report;
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await Poll.UntilAsync(
                () => File.Exists(report),
                TimeSpan.FromSeconds(60),
                "the other process started its cluster",
                cancellation
            );

            var lines = await File.ReadAllLinesAsync(report, cancellation);
            File.Delete(report);
            return new Victim(process, lines[0], [.. lines.Skip(1).Select(id => ProcessMark.Of(int.Parse(id)))]);
        }

        public IReadOnlyList<int> Watchdogs() =>
            [
                .. Directory
                    .EnumerateDirectories("/proc")
                    .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
                    .Where(id => id > 0 && ReadCommandLine(id).Contains($"{Folder}/remove.sh")),
            ];

        public Task WaitUntilGoneAsync(CancellationToken cancellation) =>
            Poll.UntilAsync(
                () => !Directory.Exists(Folder) && Members.All(member => !member.IsAlive),
                TimeSpan.FromSeconds(15),
                "the processes and the folder are removed",
                cancellation
            );

        public void Dispose() => Process.Dispose();

        private static string ReadCommandLine(int processId)
        {
            try
            {
                return File.ReadAllText($"/proc/{processId}/cmdline");
            }
            catch (IOException)
            {
                return "";
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Fleet;

/// <summary>A real pwsh that is killed during a run over real clusters, and a second one that continues.</summary>
public sealed partial class ResumedRunTests : IDisposable
{
    private const int Clusters = 3;

    /// <summary>
    /// Every member gains enough. The second cluster waits forever at its first decision, before it holds a lock.
    /// </summary>
    private const string Blocking =
        "{ if ($global:first -and $global:first -ne $_.ClusterName) { Start-Sleep 3600 }; $global:first = "
        + "$_.ClusterName; $true }";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(_folder.Path, "night.jsonl");

    [Fact]
    public async Task A_run_that_was_killed_is_continued_and_every_cluster_has_one_result()
    {
        TestEtcdCluster[] clusters = await Task.WhenAll(
            Enumerable
                .Range(0, Clusters)
                .Select(_ => TestEtcdCluster.StartAsync(new ClusterOptions { Members = 1 }, Cancellation))
        );
        try
        {
            foreach (TestEtcdCluster cluster in clusters)
                await cluster.Loader.LoadAsync(100_000, 4_000_000, cancellation: Cancellation);

            await RunUntilFirstResultAsync(clusters);
            int first = int.Parse(Results().Single()[1..], CultureInfo.InvariantCulture);
            string callsBefore = await CallsAsync(clusters[first]);

            ShellResult second = await Pwsh.RunAsync(
                $"{Script(clusters, "{ $true }")} | ForEach-Object {{ \"$($_.ClusterName) $($_.Status) "
                    + "$($_.IsResumed)\" }"
            );
            TestContext.Current.TestOutputHelper?.WriteLine(second.Output + second.Error);
            second.MustHaveSucceeded();
            Assert.Equal(
                Enumerable.Range(0, Clusters).Select(i => $"c{i} Succeeded {i == first}"),
                second.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Trim()).Order()
            );
            Assert.Equal(Enumerable.Range(0, Clusters).Select(i => $"c{i}"), Results().Order());
            Assert.All(clusters, cluster => Assert.Single(EtcdLogs.Defragmentations(cluster)));
            Assert.Equal(callsBefore, await CallsAsync(clusters[first]));
        }
        finally
        {
            foreach (TestEtcdCluster cluster in clusters)
                await cluster.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task RunUntilFirstResultAsync(TestEtcdCluster[] clusters)
    {
        var start = new ProcessStartInfo(
            Pwsh.Command[0],
            [
                .. Pwsh.Command.Skip(1),
                "-NoLogo",
                "-NoProfile",
                "-NonInteractive",
                "-Command",
                Script(clusters, Blocking),
            ]
        );
        using Process process = Process.Start(start)!;
        try
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limited.CancelAfter(TimeSpan.FromMinutes(3));
            while (Results().Length == 0)
            {
                Assert.False(process.HasExited, "pwsh ended before a cluster did.");
                await Task.Delay(50, limited.Token);
            }
        }
        finally
        {
            process.Kill(); // SIGKILL
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private string Script(TestEtcdCluster[] clusters, string rule)
    {
        IEnumerable<string> records = clusters.Select(
            (cluster, i) => $"[pscustomobject]@{{ ClusterName = 'c{i}'; Endpoint = '{cluster.ClientUrls[0]}' }}"
        );
        return $"$ProgressPreference = $WarningPreference = 'SilentlyContinue'; Import-Module '{Repository.Manifest}'; "
            + $"{string.Join(", ", records)} | Connect-EtcdCluster | Invoke-EtcdMaintenance -ResumePath '{Journal}' "
            + $"-ThrottleLimit 1 -Override DiskSpaceUnknown -Confirm:$false -When {rule}";
    }

    /// <summary>The names of the clusters in the journal.</summary>
    private string[] Results() =>
        File.Exists(Journal)
            ?
            [
                .. File.ReadAllText(Journal)
                    .Split('\n')
                    .SkipLast(1) // a line that is being written
                    .Skip(1) // the header
                    .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("clusterName").GetString()!),
            ]
            : [];

    /// <summary>
    /// The numbers of calls that the member has served. A connection lists the members once, which is not counted.
    /// </summary>
    private static async Task<string> CallsAsync(TestEtcdCluster cluster)
    {
        using var http = new HttpClient();
        string page = await http.GetStringAsync($"{cluster.ClientUrls[0]}/metrics", Cancellation);
        string[] calls =
        [
            .. Call()
                .Matches(page)
                .Select(call => call.Value)
                .Where(call => !call.Contains("\"MemberList\"", StringComparison.Ordinal)),
        ];
        Assert.Contains(calls, call => call.Contains("\"Defragment\"", StringComparison.Ordinal));
        return string.Join("\n", calls);
    }

    [GeneratedRegex(@"^grpc_server_(?:started|handled)_total\{.*$", RegexOptions.Multiline)]
    private static partial Regex Call();
}

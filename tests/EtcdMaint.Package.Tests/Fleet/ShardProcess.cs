using System.Diagnostics;
using System.Text.Json;
using EtcdMaint.Package.Tests.Shells;

namespace EtcdMaint.Package.Tests.Fleet;

/// <summary>A pwsh process that maintains one shard of a fleet, with a journal.</summary>
internal sealed class ShardProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    /// <param name="csv">The file of the fleet.</param>
    /// <param name="shard">The shard, such as <c>3/20</c>.</param>
    /// <param name="journal">The file of its journal.</param>
    public ShardProcess(string csv, string shard, string journal)
    {
        Journal = journal;
        string script =
            $"$ProgressPreference = 'SilentlyContinue'; $reports = @(); Import-Module '{Repository.Manifest}'; "
            + $"Import-Csv '{csv}' | Connect-EtcdCluster -NoVerify -Shard {shard} | Invoke-EtcdMaintenance "
            + $"-ResumePath '{journal}' -ThrottleLimit 4 -WarningAction SilentlyContinue -Confirm:$false | "
            + "ForEach-Object { $reports += , $_; \"$($_.ClusterName) $($_.Status) $($_.IsResumed)\" }; "
            + "exit (@($reports.ExitCode) -ne 0 | Measure-Object -Minimum).Minimum";
        var start = new ProcessStartInfo(
            Pwsh.Command[0],
            [.. Pwsh.Command.Skip(1), "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>The path of the journal.</summary>
    public string Journal { get; }

    public int Id => _process.Id;

    /// <summary>
    /// Returns the clusters that a journal has as done: not those that only a lock of another run delayed.
    /// </summary>
    public static string[] Done(string journal) =>
        [
            .. Results(journal)
                .GroupBy(result => result.Cluster)
                .Where(results => results.Last().Status != "NotAttempted")
                .Select(results => results.Key),
        ];

    /// <summary>
    /// Waits until the journal has this number of results and the process is at work on a cluster, and then sends
    /// SIGKILL.
    /// </summary>
    public async Task KillAfterAsync(int results, Func<bool> isAtWork, CancellationToken cancellationToken)
    {
        while (Results(Journal).Length < results || !isAtWork())
        {
            // What the process said is complete only after its end.
            if (_process.HasExited)
                Assert.Fail($"The process ended before it was killed after {results} results. {await SaidAsync()}");
            await Task.Delay(10, cancellationToken);
        }
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits until the process has ended, and returns its rows and its exit code.</summary>
    public async Task<ShardEnd> ReadToEndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        Assert.True(_process.ExitCode is 0 or 2, await SaidAsync());
        return new ShardEnd(
            [
                .. (await _output)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => line.Trim().Split(' '))
                    .Select(row => new ShardRow(row[0], row[1], bool.Parse(row[2]))),
            ],
            _process.ExitCode
        );
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>Returns the results in a journal, in their order, without a line that is being written.</summary>
    private static (string Cluster, string Status)[] Results(string journal) =>
        File.Exists(journal)
            ?
            [
                .. File.ReadAllText(journal)
                    .Split('\n')[..^1]
                    .Skip(1)
                    .Select(line => JsonDocument.Parse(line).RootElement)
                    .Select(row =>
                        (row.GetProperty("clusterName").GetString()!, row.GetProperty("status").GetString()!)
                    ),
            ]
            : [];

    private async Task<string> SaidAsync() => $"{await _output}{await _errors}";
}

/// <summary>A report that a process emitted.</summary>
/// <param name="Cluster">The name of the cluster.</param>
/// <param name="Status">How its run ended.</param>
/// <param name="IsResumed">Whether the report is of the process before it.</param>
internal sealed record ShardRow(string Cluster, string Status, bool IsResumed);

/// <summary>How a process ended.</summary>
/// <param name="Rows">The reports that it emitted.</param>
/// <param name="ExitCode">Its exit code.</param>
internal sealed record ShardEnd(ShardRow[] Rows, int ExitCode);

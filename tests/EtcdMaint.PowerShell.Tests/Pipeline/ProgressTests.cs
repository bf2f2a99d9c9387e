using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Pipeline;

/// <summary>
/// A person never waits longer than about a second without a sign, and the remaining time counts down.
/// </summary>
public sealed class ProgressTests : IDisposable
{
    /// <summary>Cmdlets that ask no cluster.</summary>
    private static readonly string[] Immediate =
    [
        "Disconnect-EtcdCluster",
        "Export-EtcdMaintenanceReport",
        "Get-EtcdConnection",
        "Get-EtcdForecast",
    ];

    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Fact]
    public void Every_cmdlet_reports_progress_within_about_a_second()
    {
        _cluster.OnCall = stop => Task.Delay(TimeSpan.FromSeconds(2.5), stop);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var silentCmdlets = new List<string>();
        string[] all = [.. _shell.Run("(Get-Command -Module EtcdMaint).Name").Output.Cast<string>()];
        foreach (string cmdlet in all.Except(Immediate))
        {
            string call = cmdlet switch
            {
                "Connect-EtcdCluster" => $"{cmdlet} http://{silent.LocalEndpoint} -TimeoutSeconds 2",
                "Export-EtcdMetric" => $"$s | {cmdlet} -PushgatewayUri http://{silent.LocalEndpoint} -TimeoutSeconds 2",
                "Save-EtcdSnapshot" or "Test-EtcdSnapshot" => $"{cmdlet} ./x.db -Connection $c",
                "Test-EtcdUpgrade" => $"{cmdlet} 3.6 -Connection $c",
                _ => $"{cmdlet} -Connection $c",
            };
            IReadOnlyList<ProgressRecord> records = Run(call).Progress;
            if (records.All(record => record.RecordType is ProgressRecordType.Completed))
                silentCmdlets.Add(cmdlet);
            else if (records[^1].RecordType is ProgressRecordType.Processing)
                silentCmdlets.Add($"{cmdlet} (never removed)");
        }
        Assert.Empty(silentCmdlets);
    }

    [Fact]
    public void The_remaining_time_counts_down_every_second()
    {
        _cluster.OnDefrag = async (_, observer, stop) =>
        {
            observer.Report(new RunProgress("Defragmenting prod", "etcd-1 (1 of 3)", 0, TimeSpan.FromSeconds(10)));
            await Task.Delay(TimeSpan.FromSeconds(2.6), stop);
            observer.Report(new RunProgress("Defragmenting prod", "done", 1, IsOver: true));
        };
        IReadOnlyList<ProgressRecord> records = Run("Invoke-EtcdDefrag -Connection $c").Progress;
        int[] remaining = [.. records.SkipLast(1).Select(record => record.SecondsRemaining)];

        // A busy machine can leave out a second.
        Assert.Equal(10, remaining[0]);
        Assert.InRange(remaining[^1], 1, 9);
        Assert.Equal(remaining.Order().Reverse().Distinct(), remaining);
        Assert.All(records.SkipLast(1), record => Assert.Equal("etcd-1 (1 of 3)", record.StatusDescription));
    }

    [Fact]
    public void Work_that_takes_longer_than_predicted_shows_how_long_it_takes()
    {
        _cluster.OnDefrag = async (_, observer, stop) =>
        {
            observer.Report(new RunProgress("Defragmenting prod", "etcd-1 (1 of 3)", 0, TimeSpan.FromSeconds(1)));
            await Task.Delay(TimeSpan.FromSeconds(3), stop);
        };
        IReadOnlyList<ProgressRecord> records = Run("Invoke-EtcdDefrag -Connection $c").Progress;
        Assert.Equal((1, "etcd-1 (1 of 3)"), (records[0].SecondsRemaining, records[0].StatusDescription));
        Assert.Contains(
            records,
            record =>
                record.SecondsRemaining == -1
                && Regex.IsMatch(record.StatusDescription, @"^etcd-1 \(1 of 3\), [1-9] s so far$")
        );
    }

    [Fact]
    public void Work_without_progress_of_its_own_shows_what_it_does_and_for_how_long()
    {
        _cluster.OnDefrag = async (_, observer, stop) =>
        {
            observer.LogVerbose("Waiting: m1 has no leader.");
            await Task.Delay(TimeSpan.FromSeconds(2.6), stop);
        };
        IReadOnlyList<ProgressRecord> records = Run("Invoke-EtcdDefrag -Connection $c").Progress;
        Assert.All(records, record => Assert.Equal("Invoke-EtcdDefrag", record.Activity));
        Assert.Matches("^Waiting: m1 has no leader, [1-9] s$", records[0].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void A_quick_call_shows_no_progress() => Assert.Empty(Run("Get-EtcdMemberStatus -Connection $c").Progress);

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script) =>
        _shell.Run(script, ("c", _cluster.Connection), ("s", Samples.Status(_cluster.Members[0])));
}

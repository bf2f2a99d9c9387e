using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>Test-EtcdUpgrade: its request, its view and its errors.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly Shell _shell = new(width: 120);

    private readonly FakeCluster _cluster = new();

    private readonly FakeCluster _other = new("staging", "c2");

    [Fact]
    public void It_passes_on_every_parameter()
    {
        Assert.Empty(
            Run(
                "Test-EtcdUpgrade 3.6 -Connection $c; Test-EtcdUpgrade -To v3.6.14 -Connection $c -SnapshotPath ./a.db "
                    + "-MaximumSnapshotAge 02:00:00 -Checked Flag, Disk -TimeoutSec 90"
            ).ErrorText
        );
        UpgradeCheckRequest[] requests = [.. _cluster.Upgrades];
        Assert.Equal(new UpgradeTarget(new Version(3, 6)), requests[0].To);
        Assert.Null(requests[0].SnapshotPath);
        Assert.Equal(TimeSpan.FromDays(1), requests[0].MaximumSnapshotAge);
        Assert.Empty(requests[0].Checked);
        Assert.Equal(new UpgradeTarget(new Version(3, 6, 14)), requests[1].To);
        Assert.True(Path.IsPathFullyQualified(requests[1].SnapshotPath!));
        Assert.Equal(TimeSpan.FromHours(2), requests[1].MaximumSnapshotAge);
        Assert.Equal(
            new HashSet<EtcdUpgradeCheck> { EtcdUpgradeCheck.Disk, EtcdUpgradeCheck.Flag },
            requests[1].Checked
        );
        Assert.Equal(TimeSpan.FromSeconds(90), requests[1].CallTimeout);
    }

    [Fact]
    public void A_release_that_cannot_be_read_is_an_error_before_any_call()
    {
        Outcome outcome = Run("Test-EtcdUpgrade newest -Connection $c");
        Assert.Equal("ReleaseMalformed", Assert.Single(outcome.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void Quiet_returns_one_value_for_each_cluster() =>
        Assert.Equal([true, true], Run("$c, $d | Test-EtcdUpgrade 3.6 -Quiet").Output);

    [Fact]
    public void Quiet_returns_false_for_an_open_verdict()
    {
        _cluster.NotChecked = [EtcdUpgradeCheck.Flag];
        Assert.Null(Assert.IsType<EtcdUpgradeReport>(Run("Test-EtcdUpgrade 3.6 -Connection $c").Output[0]).CanUpgrade);
        Assert.Equal([false, true], Run("$c, $d | Test-EtcdUpgrade 3.6 -Quiet").Output);
    }

    [Fact]
    public void The_release_is_completed() =>
        Assert.Equal(
            ["'3.7'", "'3.6'", "'3.5'"],
            Run(
                "[System.Management.Automation.CommandCompletion]::CompleteInput('Test-EtcdUpgrade -To ', 21, $null)"
                    + ".CompletionMatches.CompletionText"
            ).Output
        );

    [Fact]
    public void An_open_verdict_is_shown_as_unknown_above_its_findings()
    {
        EtcdFinding open = Samples.Finding(
            EtcdFindingSeverity.Warning,
            "FlagNotChecked",
            "The flags were not checked."
        );
        string[] lines =
        [
            .. _shell
                .Render(
                    new EtcdUpgradeReport
                    {
                        ClusterName = "prod",
                        From = "3.5.30",
                        To = "3.6",
                        Order = ["etcd-2", "etcd-3", "etcd-1"],
                        Finding = [open],
                        NotChecked = [EtcdUpgradeCheck.Flag],
                    }
                )
                .Split('\n')
                .Select(line => line.TrimEnd())
                .Where(line => line.Length > 0),
        ];
        Assert.Equal(
            [
                "   Upgrade",
                "Cluster              From     To       CanUpgrade Order",
                "-------              ----     --       ---------- -----",
                "prod                 3.5.30   3.6      unknown    etcd-2, etcd-3, etcd-1",
                "  Warning     FlagNotChecked         The flags were not checked.",
            ],
            lines
        );
    }

    [Fact]
    public void The_verdict_is_yes_only_if_nothing_is_open_and_there_is_no_error()
    {
        EtcdFinding error = Samples.Finding(EtcdFindingSeverity.Error, "NoSpaceArmed", "Full.");
        Assert.True(new EtcdUpgradeReport { Order = ["etcd-1"] }.CanUpgrade);
        Assert.Null(new EtcdUpgradeReport { Order = ["etcd-1"], NotChecked = [EtcdUpgradeCheck.Hash] }.CanUpgrade);
        Assert.Null(new EtcdUpgradeReport().CanUpgrade);
        Assert.False(new EtcdUpgradeReport { NotChecked = [EtcdUpgradeCheck.Hash], Finding = [error] }.CanUpgrade);
        Assert.False(new EtcdUpgradeReport { IsDone = true }.CanUpgrade);
    }

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script) => _shell.Run(script, ("c", _cluster.Connection), ("d", _other.Connection));
}

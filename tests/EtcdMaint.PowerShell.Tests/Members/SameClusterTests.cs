using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Members;

/// <summary>Two connections with one cluster ID: to one cluster, or to two from the same template.</summary>
public sealed class SameClusterTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _one = new();

    private readonly FakeCluster _again;

    private readonly FakeCluster _copy = new("copy", "c1");

    public SameClusterTests() => _again = new FakeCluster("again", "c1") { Raft = _one.Raft };

    public static TheoryData<string, int> Reading =>
        new()
        {
            { "Get-EtcdMember", 6 },
            { "Get-EtcdMemberStatus", 6 },
            { "Test-EtcdHealth", 2 },
            { "Get-EtcdSpaceUsage", 2 },
            { "Save-EtcdSnapshot -Path $folder", 2 },
        };

    public static TheoryData<string> Changing =>
        ["Invoke-EtcdCompaction", "Invoke-EtcdDefrag", "Clear-EtcdAlarm", "Move-EtcdLeader", "Invoke-EtcdMaintenance"];

    [Theory]
    [MemberData(nameof(Reading))]
    public void Reading_does_not_merge_connections(string cmdlet, int rows)
    {
        foreach (FakeCluster other in (FakeCluster[])[_copy, _again])
        {
            Outcome outcome = Run($"$a, $b | {cmdlet}", _one, other);
            Assert.Empty(outcome.ErrorText);
            Assert.Empty(outcome.Warnings);
            Assert.Equal(rows, outcome.Output.Count);
        }
        Assert.Equal(0, _one.Raft.Appended);
    }

    [Fact]
    public void Members_of_two_clusters_with_the_same_ID_are_read_from_their_own_cluster()
    {
        Outcome outcome = _shell.Run("$m, $n | Get-EtcdMemberStatus", ("m", _one.Members[0]), ("n", _copy.Members[0]));
        Assert.Equal(
            ["copy", "prod"],
            outcome.Output.Cast<EtcdMemberStatus>().Select(row => row.ClusterName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Two_clusters_with_the_same_ID_are_both_changed(string cmdlet)
    {
        Outcome outcome = Run($"$a, $b | {cmdlet}", _one, _copy);
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(outcome.Warnings);
        Assert.Equal((1, 1), (_one.Changes, _copy.Changes));
    }

    [Fact]
    public void Two_clusters_with_equally_long_logs_are_distinguished()
    {
        for (int i = 0; i < 7; i++)
        {
            _one.Raft.Append();
            _copy.Raft.Append();
        }
        Assert.Empty(Run("$a, $b | Invoke-EtcdDefrag", _one, _copy).Warnings);
        Assert.Equal((1, 1), (_one.Changes, _copy.Changes));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void One_cluster_over_two_connections_is_changed_over_the_newer_one_and_the_other_is_reported(string cmdlet)
    {
        foreach (string order in (string[])["$a, $b", "$b, $a"])
        {
            Outcome outcome = Run($"{order} | {cmdlet}", _one, _again);
            Assert.Empty(outcome.ErrorText);
            Assert.Equal(["'prod' is the same cluster as 'again' (c1), so only 'again' is used."], outcome.Warnings);
        }
        Assert.Equal((0, 2), (_one.Changes, _again.Changes));
    }

    [Fact]
    public void Maintenance_has_a_report_for_the_skipped_connection()
    {
        var report = Assert.IsType<EtcdMaintenanceReport>(
            Assert.Single(Run("$a, $b | Invoke-EtcdMaintenance", _one, _again).Output)
        );
        Assert.Equal(("prod", EtcdMaintenanceStatus.Skipped), (report.ClusterName, report.Status));
        Assert.StartsWith("'prod' is the same cluster as 'again'", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_connections_to_two_clusters_are_grouped_correctly()
    {
        Outcome outcome = _shell.Run(
            "$a, $b, $d | Invoke-EtcdDefrag",
            ("a", _one.Connection),
            ("b", _again.Connection),
            ("d", _copy.Connection)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal((0, 1, 1), (_one.Changes, _again.Changes, _copy.Changes));
    }

    [Fact]
    public void Members_of_one_cluster_over_two_connections_form_one_run()
    {
        Assert.Empty(
            _shell.Run("$m, $n | Invoke-EtcdDefrag", ("m", _one.Members[0]), ("n", _again.Members[1])).ErrorText
        );
        Assert.Equal(
            ["etcd-1", "etcd-2"],
            Assert.Single(_again.Defrags).Targets.Select(target => target.Member.MemberName).Order()
        );
        Assert.Empty(_one.Defrags);
    }

    [Fact]
    public void Clusters_that_cannot_be_distinguished_are_changed_sequentially()
    {
        _one.Raft.IsSilent = true;
        int running = 0;
        bool overlapped = false;
        foreach (FakeCluster cluster in (FakeCluster[])[_one, _copy])
        {
            cluster.OnDefrag = async (_, _, stop) =>
            {
                overlapped |= Interlocked.Increment(ref running) > 1;
                await Task.Delay(100, stop);
                Interlocked.Decrement(ref running);
            };
        }
        Assert.Empty(Run("$a, $b | Invoke-EtcdDefrag", _one, _copy).ErrorText);
        Assert.Equal((1, 1), (_one.Changes, _copy.Changes));
        Assert.False(overlapped);
    }

    [Fact]
    public void Maintenance_of_clusters_with_the_same_ID_runs_sequentially()
    {
        int running = 0;
        bool overlapped = false;
        foreach (FakeCluster cluster in (FakeCluster[])[_one, _copy])
        {
            cluster.OnMaintain = async (_, stop) =>
            {
                overlapped |= Interlocked.Increment(ref running) > 1;
                await Task.Delay(100, stop);
                Interlocked.Decrement(ref running);
            };
        }
        Assert.Empty(Run("$a, $b | Invoke-EtcdMaintenance", _one, _copy).ErrorText);
        Assert.Equal((1, 1), (_one.Changes, _copy.Changes));
        Assert.False(overlapped);
    }

    [Fact]
    public void Connections_with_the_same_name_are_reported_with_their_endpoints()
    {
        var other = new FakeCluster("prod", "c1", access: EtcdAccess.SshCommand) { Raft = _one.Raft };
        Assert.Equal(
            [
                "'prod' over https://prod:2379 is the same cluster as 'prod' over ssh://prod1, "
                    + "ssh://prod2, ssh://prod3 (c1), so only 'prod' over ssh://prod1, ssh://prod2, ssh://prod3 "
                    + "is used.",
            ],
            Run("$a, $b | Invoke-EtcdDefrag", _one, other).Warnings
        );
    }

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script, FakeCluster a, FakeCluster b) =>
        _shell.Run(script, ("a", a.Connection), ("b", b.Connection), ("folder", Path.GetTempPath()));
}

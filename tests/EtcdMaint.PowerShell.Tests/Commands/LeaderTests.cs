using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>To which member Move-EtcdLeader transfers the leadership, and when it does not.</summary>
public sealed class LeaderTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData("Move-EtcdLeader $m[1]")]
    [InlineData("Move-EtcdLeader -Member $m[1]")]
    [InlineData("Move-EtcdLeader etcd-2 -Connection $c")]
    [InlineData("$m[1] | Move-EtcdLeader")]
    [InlineData("$m[1] | Get-EtcdMemberStatus | Move-EtcdLeader")]
    [InlineData("$m[1] | Invoke-EtcdDefrag | Move-EtcdLeader")]
    public void Transfers_leadership_to_the_given_member(string call)
    {
        Outcome outcome = Run(call);
        Assert.Empty(outcome.ErrorText);
        Assert.Equal("etcd-2", Assert.Single(_cluster.LeaderMoves)!.MemberName);
        Assert.Equal("etcd-2", Assert.IsType<EtcdMemberStatus>(Assert.Single(outcome.Output)).MemberName);
    }

    [Theory]
    [InlineData("Move-EtcdLeader -Connection $c")]
    [InlineData("$c | Move-EtcdLeader")]
    public void Without_a_member_transfers_leadership_to_the_best_voter(string call)
    {
        Assert.Empty(Run(call).ErrorText);
        Assert.Null(Assert.Single(_cluster.LeaderMoves));
    }

    [Fact]
    public void Does_not_transfer_leadership_to_a_member_that_failed_in_an_earlier_step()
    {
        EtcdDefragResult hung = _cluster.Result(1, EtcdDefragStatus.TimedOut, "it hung");
        Outcome outcome = _shell.Run("$row | Move-EtcdLeader -Verbose", ("row", hung));
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(_cluster.Calls);
        Assert.Contains(
            outcome.Verbose,
            line =>
                line.Contains("etcd-2", StringComparison.Ordinal) && line.Contains("it hung", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void After_a_plan_the_transfer_is_only_planned()
    {
        Outcome outcome = Run("$m[1] | Invoke-EtcdDefrag -WhatIf | Move-EtcdLeader -Verbose");
        Assert.Empty(outcome.ErrorText);
        Assert.Empty(outcome.Output);
        Assert.Empty(_cluster.LeaderMoves);
        Assert.Contains("Only planned: Move leadership to etcd-2 on prod.", outcome.Verbose);
    }

    [Theory]
    [InlineData("$m[1] | Move-EtcdLeader -WhatIf")]
    [InlineData("$WhatIfPreference = $true; $m[1] | Invoke-EtcdDefrag | Move-EtcdLeader")]
    public void WhatIf_shows_the_transfer(string call)
    {
        Outcome outcome = Run(call);
        Assert.Empty(outcome.Output);
        Assert.Empty(_cluster.LeaderMoves);
        Assert.Contains(
            "What if: Performing the operation \"Move leadership to etcd-2\" on target \"prod\".",
            outcome.Screen
        );
    }

    [Fact]
    public void A_connection_to_another_cluster_is_not_silently_ignored()
    {
        var other = new FakeCluster("staging", "c2");
        Outcome outcome = _shell.Run(
            "Move-EtcdLeader -Connection $b -Member $m[1]",
            ("b", other.Connection),
            ("m", _cluster.Members.ToArray())
        );
        Assert.Equal(["AmbiguousParameterSet"], outcome.ErrorIds);
        Assert.Empty(_cluster.LeaderMoves);
        Assert.Empty(other.LeaderMoves);
    }

    [Fact]
    public void Only_one_member_of_a_cluster_can_become_the_leader()
    {
        Assert.Equal("SeveralLeaders", _shell.RunToError("$m | Move-EtcdLeader", ("m", _cluster.Members.ToArray())));
        Assert.Empty(_cluster.Calls);
    }

    [Fact]
    public void Transfers_leadership_to_the_given_member_of_each_cluster()
    {
        var other = new FakeCluster("staging", "c2");
        Assert.Empty(
            _shell.Run("$m | Move-EtcdLeader", ("m", new[] { _cluster.Members[2], other.Members[0] })).ErrorText
        );
        Assert.Equal("etcd-3", Assert.Single(_cluster.LeaderMoves)!.MemberName);
        Assert.Equal("etcd-1", Assert.Single(other.LeaderMoves)!.MemberName);
    }

    public void Dispose() => _shell.Dispose();

    private Outcome Run(string script) =>
        _shell.Run(script, ("c", _cluster.Connection), ("m", _cluster.Members.ToArray()));
}

using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Commands;

/// <summary>The script block of <c>-When</c>.</summary>
public sealed class RuleTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    private readonly List<bool> _answers = [];

    public RuleTests() =>
        _cluster.OnDefrag = async (request, _, _) =>
        {
            foreach (MemberTarget target in request.Targets)
                _answers.Add(await request.When!(Samples.Status(target.Member)));
        };

    [Theory]
    [InlineData("{ $_.MemberName -eq 'etcd-2' }")]
    [InlineData("{ $_.IsReachable -and $_.Alarm.Count }")]
    [InlineData("{ if ($_.MemberName -eq $wanted) { 'some', 'output' } }")]
    public void The_rule_can_use_the_status_and_the_variables_of_the_caller(string rule)
    {
        Outcome outcome = _shell.Run(
            $"& {{ $wanted = 'etcd-2'; Invoke-EtcdDefrag -Connection $c -When {rule} }}",
            ("c", _cluster.Connection)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal([false, true, false], _answers);
    }

    [Fact]
    public void A_rule_can_use_cmdlets_of_the_module()
    {
        Outcome outcome = _shell.Run(
            "Invoke-EtcdDefrag -Connection $c -When { ($_ | Get-EtcdMember).MemberId -eq '8e12' }",
            ("c", _cluster.Connection)
        );
        Assert.Empty(outcome.ErrorText);
        Assert.Equal([false, true, false], _answers);
    }

    [Theory]
    [InlineData("{ throw 'oops' }")]
    [InlineData("{ [int]'oops' }")]
    public void A_rule_that_throws_ends_the_run(string rule)
    {
        string id = _shell.RunToError($"Invoke-EtcdDefrag -Connection $c -When {rule}", ("c", _cluster.Connection));
        Assert.Equal("WhenFailed", id);
        Assert.Empty(_answers);
    }

    public void Dispose() => _shell.Dispose();
}

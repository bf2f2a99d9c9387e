using System.Diagnostics;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Completion;

public sealed class CompletionTests : IDisposable
{
    private readonly Shell _shell = new();

    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData("Get-EtcdMember -Connection $c -MemberName ", "'etcd-1'", "'etcd-2'", "'etcd-3'")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -MemberName etcd-2", "'etcd-2'")]
    [InlineData("Invoke-EtcdDefrag -Connection $c -Name 'etcd-2", "'etcd-2'")]
    [InlineData("Get-EtcdMemberStatus -Connection $c -MemberId 8e13", "'8e13'")]
    [InlineData("Get-EtcdMember -Connection $c -MemberName other")]
    public void Completes_members(string line, params string[] expected) => Assert.Equal(expected, Complete(line));

    [Fact]
    public void A_member_without_a_name_does_not_hide_the_others()
    {
        _cluster.Members =
        [
            _cluster.Members[0],
            new EtcdMember
            {
                ClusterName = "prod",
                ClusterId = "c1",
                MemberId = "99",
                Connection = _cluster.Connection,
            },
        ];
        Assert.Equal(["'etcd-1'"], Complete("Get-EtcdMember -Connection $c -MemberName "));
        Assert.Equal(["'99'"], Complete("Get-EtcdMember -Connection $c -MemberId 9"));
    }

    [Theory]
    [InlineData("Get-EtcdConnection ", "mine", "'other one'")]
    [InlineData("Get-EtcdConnection -ClusterName oth", "'other one'")]
    [InlineData("Connect-EtcdCluster -Endpoint ", "'https://10.0.0.1:2379'", "'https://10.0.0.2:2379'")]
    [InlineData("Connect-EtcdCluster https://10.0.0.2", "'https://10.0.0.2:2379'")]
    public void Completes_connections_and_endpoints(string line, params string[] expected)
    {
        _shell.Run(
            "$null = Connect-EtcdCluster https://10.0.0.1:2379 -NoVerify -ClusterName mine; $null = "
                + "Connect-EtcdCluster https://10.0.0.2:2379 -NoVerify -ClusterName 'other one'"
        );
        Assert.Equal(expected, Complete(line));
    }

    [Fact]
    public void Does_not_wait_for_a_cluster_that_does_not_answer()
    {
        _cluster.OnGetMembers = (_, _) => Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        Assert.Empty(Complete("Get-EtcdMember -Connection $c -MemberName "));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Completes_nothing_for_a_cluster_that_fails()
    {
        _cluster.OnGetMembers = (_, _) =>
            throw new EtcdException("Refused", EtcdErrorCategory.ConnectionError, "refused");
        Assert.Empty(Complete("Get-EtcdMember -Connection $c -MemberName "));
    }

    [Fact]
    public void Completes_nothing_without_a_connection() => Assert.Empty(Complete("Get-EtcdMember -MemberName "));

    public void Dispose() => _shell.Dispose();

    private IEnumerable<string> Complete(string line) => _shell.Complete(line, ("c", _cluster.Connection));
}

using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Membership;

/// <summary>Members are listed by name, not by ID.</summary>
[Collection<SimulatedClusters>]
public sealed class MemberOrderTests
{
    private static readonly string[] Names = ["etcd-10", "etcd-9", "etcd-1"];

    private readonly CalmCluster _cluster = new(name: i => Names[i]);

    [Fact]
    public async Task Members_and_their_status_are_listed_by_name()
    {
        string[] expected = ["etcd-1", "etcd-9", "etcd-10"];
        IReadOnlyList<EtcdMember> members = await _cluster.ListAsync();
        Assert.Equal(expected, members.Select(member => member.MemberName));
        await _cluster.ReadStatusAsync();
        Assert.Equal(expected, _cluster.Pipeline.Out.OfType<EtcdMemberStatus>().Select(status => status.MemberName));
    }

    [Fact]
    public async Task A_member_knows_the_names_of_all_members() =>
        Assert.Equal(Names.Order(), (await _cluster.ListAsync())[0].AllNames.Order());

    [Theory]
    [InlineData("etcd-2", "etcd-10")]
    [InlineData("etcd", "etcd-1")]
    [InlineData("ip-10-0-9-1.compute.internal", "ip-10-0-10-1.compute.internal")]
    [InlineData("a01", "a2")]
    [InlineData("A", "b")]
    [InlineData("", "a")]
    public void Numbers_in_names_are_ordered_by_value(string first, string second)
    {
        Assert.True(NameOrder.Instance.Compare(first, second) < 0);
        Assert.True(NameOrder.Instance.Compare(second, first) > 0);
        Assert.Equal(0, NameOrder.Instance.Compare(first, first));
    }
}

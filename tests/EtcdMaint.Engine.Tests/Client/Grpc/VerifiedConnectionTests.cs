using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>A defragmentation is sent only over the connection on which the member's ID was verified.</summary>
[Trait("Kind", "Real")]
public sealed class VerifiedConnectionTests : IAsyncLifetime
{
    private static readonly EtcdEndpoint Endpoint = new(false, "balancer.example", 2379);

    private static readonly MemberAddress Place = new(Endpoint.ToString());

    private TestEtcdCluster _etcd = null!;
    private SwitchingDialer _balancer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(20), Cancellation);

    public async ValueTask InitializeAsync()
    {
        _etcd = await TestEtcdCluster.StartAsync(new ClusterOptions { Members = 3 }, Cancellation);
        _balancer = new SwitchingDialer(_etcd.Members[0]);
    }

    public ValueTask DisposeAsync() => _etcd.DisposeAsync();

    [Fact]
    public async Task A_connection_that_is_lost_after_the_verification_is_not_replaced()
    {
        using VerifiedConnection connection = await OpenAsync(_etcd.Members[0]);
        _balancer.SwitchTo(_etcd.Members[1]);

        // The first call may still use the lost connection; a later call would open a new one.
        await Poll.UntilAsync(
            async _ =>
                (await Assert.ThrowsAsync<MemberCallException>(() => connection.SendAsync(Limit))).Failure
                is CallFailure.NotSent,
            TimeSpan.FromSeconds(15),
            "nothing can be sent anymore",
            Cancellation
        );
        Assert.Empty(EtcdLogs.Defragmentations(_etcd));
    }

    [Fact]
    public async Task Connections_that_other_calls_open_meanwhile_are_not_used()
    {
        await using var client = new GrpcMemberClient(Place, Endpoint, _balancer, TlsSettings.None, null);
        using VerifiedConnection connection = await OpenAsync(_etcd.Members[0]);
        _balancer.LeadTo(_etcd.Members[1]);
        await client.GetStatusAsync(Limit);
        await connection.SendAsync(Limit);
        Assert.Equal(_etcd.Members[0].Name, Assert.Single(EtcdLogs.Defragmentations(_etcd)).Member);
    }

    [Fact]
    public async Task A_connection_to_another_member_is_rejected()
    {
        _balancer.LeadTo(_etcd.Members[1]);
        Assert.Equal(
            CallFailure.OtherMember,
            (await Assert.ThrowsAsync<MemberCallException>(() => OpenAsync(_etcd.Members[0]))).Failure
        );
        Assert.Equal(1, _balancer.Dialled);
    }

    private Task<VerifiedConnection> OpenAsync(ClusterMember member) =>
        VerifiedConnection.OpenAsync(
            new SecureDialer(Endpoint, _balancer, TlsSettings.None),
            Place,
            null,
            Convert.ToUInt64(member.Id, 16),
            Limit
        );
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Tls;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>A defragmentation reaches the intended member or none.</summary>
[Trait("Kind", "Real")]
[Collection<ProcessEnvironment>]
public sealed class WrongMemberTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CallBudget Limit => new(TimeSpan.FromSeconds(10), Cancellation);

    [Fact]
    public async Task An_endpoint_that_now_reports_another_member_is_not_defragmented()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3 },
            Cancellation
        );
        var balancer = new SwitchingDialer(etcd.Members[0]);
        var endpoint = new EtcdEndpoint(false, "balancer.example", 2379);
        await using var client = new GrpcMemberClient(
            new MemberAddress(endpoint.ToString()),
            endpoint,
            balancer,
            TlsSettings.None,
            null
        );
        ulong first = (await client.GetStatusAsync(Limit)).Header.MemberId;

        balancer.SwitchTo(etcd.Members[1]);
        MemberCallException refused = await Assert.ThrowsAsync<MemberCallException>(() =>
            client.DefragmentAsync(first, Limit)
        );
        Assert.Equal(CallFailure.OtherMember, refused.Failure);
        Assert.Empty(EtcdLogs.Defragmentations(etcd));

        balancer.SwitchTo(etcd.Members[0]);
        await client.DefragmentAsync(first, Limit);
        Assert.Equal(etcd.Members[0].Name, Assert.Single(EtcdLogs.Defragmentations(etcd)).Member);
    }

    [Fact]
    public async Task Ignores_proxy_variables()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        string? before = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1");
        try
        {
            EtcdConnection connection = await RealCluster.ConnectAsync(RealCluster.RequestFor(etcd));
            await using IEtcdCluster cluster = connection.Cluster;
            var recorder = new RunRecorder();
            await cluster.GetStatusAsync(null, RealCluster.Timeout, recorder, Cancellation);
            Assert.NotNull(Assert.Single(recorder.Rows<EtcdMemberStatus>()).QuotaBytes);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }
    }

    [Theory]
    [InlineData(TlsMode.Mutual, 1)]
    [InlineData(TlsMode.None, 2)]
    public async Task Metrics_use_a_separate_connection_only_without_TLS(TlsMode tls, int connections)
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = tls },
            Cancellation
        );
        EtcdEndpoint endpoint = EtcdEndpoint.Parse(etcd.Members[0].ClientUrl, tlsWhenUnsaid: false);
        var balancer = new SwitchingDialer(etcd.Members[0]);
        await using var client = new GrpcMemberClient(
            new MemberAddress(endpoint.ToString()),
            endpoint,
            balancer,
            TlsLoader.Load(RealCluster.RequestFor(etcd).Tls),
            null
        );

        StatusReply status = await client.GetStatusAsync(Limit);
        MemberMetrics? metrics = await client.ReadMetricsAsync(Limit);
        Assert.Equal(status.Header.MemberId, metrics?.MemberId);
        Assert.NotNull(metrics?.QuotaBytes);
        Assert.Equal(connections, balancer.Dialled);
    }
}

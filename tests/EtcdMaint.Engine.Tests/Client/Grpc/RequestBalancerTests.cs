using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Client.Grpc;

/// <summary>An HTTP/2 load balancer in front of the cluster selects a member for each request.</summary>
[Trait("Kind", "Real")]
public sealed class RequestBalancerTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_defragmentation_uses_the_members_own_endpoint_when_the_given_one_is_shared()
    {
        await using TestEtcdCluster etcd = await StartAsync();
        int requests = 0;
        await using RequestBalancer balancer = await RequestBalancer.StartAsync(
            etcd,
            _ => etcd.Members[Interlocked.Increment(ref requests) % 3]
        );
        await using RealCluster real = await ConnectAsync(etcd, balancer);

        RunRecorder run = await real.DefragmentAsync();
        output.WriteLine(run.Story);
        Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
        Assert.DoesNotContain(
            run.Rows<EtcdDefragResult>(),
            r => r.Endpoint == balancer.Url && r.Status is EtcdDefragStatus.Failed
        );
        Assert.Equal(["m1", "m2", "m3"], EtcdLogs.Defragmentations(etcd).Select(d => d.Member).Order());
    }

    /// <summary>Every fourth status comes from m2.</summary>
    [Fact]
    public async Task A_member_whose_only_endpoint_is_shared_is_not_defragmented()
    {
        await using TestEtcdCluster etcd = await StartAsync();
        int statuses = 0;
        await using RequestBalancer balancer = await RequestBalancer.StartAsync(
            etcd,
            path =>
                etcd.Members[
                    path.EndsWith("/Status", StringComparison.Ordinal) && Interlocked.Increment(ref statuses) % 4 == 0
                        ? 1
                        : 0
                ]
        );
        EndpointConnectRequest request = RealCluster.RequestFor(etcd) with
        {
            Endpoint = [balancer.Url, etcd.Members[1].ClientUrl, etcd.Members[2].ClientUrl],
            NoDiscovery = true,
        };
        await using RealCluster real = await RealCluster.ConnectAsync(etcd, request);
        for (int i = 0; i < 4; i++)
            await real.StatusAsync();

        RunRecorder run = await real.DefragmentAsync(r =>
            r with
            {
                Targets = [.. r.Targets.Where(t => t.Member.MemberId == etcd.Members[0].Id)],
            }
        );
        output.WriteLine(run.Story);
        Assert.Equal("EndpointShared", Assert.Single(run.Errors).ErrorId);
        Assert.Equal(EtcdDefragStatus.Failed, Assert.Single(run.Rows<EtcdDefragResult>()).Status);
        Assert.Empty(EtcdLogs.Defragmentations(etcd));
    }

    [Fact]
    public async Task A_defragmentation_that_its_member_did_not_count_ends_the_run()
    {
        await using TestEtcdCluster etcd = await StartAsync();
        await using RequestBalancer balancer = await RequestBalancer.StartAsync(
            etcd,
            path => etcd.Members[path.EndsWith("/Defragment", StringComparison.Ordinal) ? 1 : 0]
        );
        await using RealCluster real = await ConnectAsync(etcd, balancer);
        string first = etcd.Members[0].Id;

        RunRecorder run = await real.DefragmentAsync(r =>
            r with
            {
                ContinueOnError = true,
                Targets = [.. r.Targets.OrderByDescending(t => t.Member.MemberId == first)],
            }
        );
        output.WriteLine(run.Story);
        EtcdDefragResult row = run.Rows<EtcdDefragResult>().Single(r => r.MemberId == first);
        Assert.Equal(EtcdDefragStatus.Failed, row.Status);
        Assert.Equal("DefragNotCounted", Assert.Single(run.Errors).ErrorId);
    }

    private static async Task<TestEtcdCluster> StartAsync()
    {
        TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Members = 3, Tls = TlsMode.Mutual },
            Cancellation
        );
        await etcd.Loader.LoadAsync(2_000_000, 30_000_000, cancellation: Cancellation);
        await etcd.EtcdctlAsync(
            "compact",
            (await etcd.KeyValues.RevisionAsync(Cancellation)).ToString(
                System.Globalization.CultureInfo.InvariantCulture
            ),
            "--physical"
        );
        return etcd;
    }

    private static Task<RealCluster> ConnectAsync(TestEtcdCluster etcd, RequestBalancer balancer) =>
        RealCluster.ConnectAsync(etcd, RealCluster.RequestFor(etcd) with { Endpoint = [balancer.Url] });
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Tests.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>Leases are read over gRPC and with etcdctl, also in pages.</summary>
[Trait("Kind", "Real")]
public sealed class LeaseAccessTests
{
    private const int Count = 502;

    private static readonly DateTimeOffset Renewed = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_clients_read_the_same_leases()
    {
        await using TestEtcdCluster etcd = await TestEtcdCluster.StartAsync(new ClusterOptions(), Cancellation);
        await PutAsync(etcd, i => $"/registry/leases/z/lease-{i}");
        await PutAsync(etcd, i => $"/registry/leases/kube-node-lease/node-{i}");
        await using IMemberClient grpc = EtcdctlMember.GrpcClient(etcd, etcd.Members[0]);
        await using IMemberClient etcdctl = EtcdctlMember.ClientFor(etcd, etcd.Members[0]);

        EtcdLease[] overGrpc = await ReadAsync(etcd, grpc);
        Assert.Equal(Count, overGrpc.DistinctBy(lease => lease.Name).Count());
        Assert.All(
            overGrpc,
            lease => Assert.Equal(("z", "holder", 7), (lease.Namespace, lease.Holder, lease.Transitions))
        );
        Assert.All(overGrpc, lease => Assert.Equal(Renewed, lease.RenewedAt));
        Assert.Equal(overGrpc, await ReadAsync(etcd, etcdctl));
        Assert.Equal(await ReadRevisionAsync(grpc), await ReadRevisionAsync(etcdctl));
    }

    /// <summary>The revision of the last change of a key, by which the record of the API server is judged.</summary>
    private static async Task<long> ReadRevisionAsync(IMemberClient client)
    {
        KeyReply reply = await client.GetAsync(
            "/registry/leases/z/lease-0",
            new CallBudget(TimeSpan.FromSeconds(15), Cancellation)
        );
        Assert.InRange(reply.ModRevision, 2, reply.Header.Revision);
        return reply.ModRevision;
    }

    private static async Task<EtcdLease[]> ReadAsync(TestEtcdCluster etcd, IMemberClient client)
    {
        var member = new ResolvedMember(
            new MemberEntry(Convert.ToUInt64(etcd.Members[0].Id, 16), "m1", [], [etcd.ClientUrls[0]], false),
            client,
            null
        );
        var membership = new ClusterMembership(1, [member], IsListAgreed: true);
        return (await new LeaseReader(new LeaseMapper("test", "1")).ReadAsync(membership, Cancellation))!;
    }

    private static Task PutAsync(TestEtcdCluster etcd, Func<int, string> key) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Count).Chunk(100),
            Cancellation,
            async (numbers, token) =>
                await etcd.Gateway.PostAsync(
                    etcd.Members[0],
                    "kv/txn",
                    new
                    {
                        success = numbers.Select(i => new
                        {
                            requestPut = new
                            {
                                key = System.Text.Encoding.UTF8.GetBytes(key(i)),
                                value = LeaseValues.Of("holder", 7, Renewed),
                            },
                        }),
                    },
                    token
                )
        );
}

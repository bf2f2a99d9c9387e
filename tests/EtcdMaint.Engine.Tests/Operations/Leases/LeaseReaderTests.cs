using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Leases;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Operations.Leases;

/// <summary>Which keys are read, and in how many pages.</summary>
[Collection<SimulatedClusters>]
public sealed class LeaseReaderTests
{
    private readonly CalmCluster _cluster = new();

    private readonly LeaseReader _reader = new(new LeaseMapper("simulated", "77"));

    [Fact]
    public async Task Reads_the_leases_of_both_prefixes_and_not_the_heartbeats_of_nodes()
    {
        foreach (
            string key in (string[])
                [
                    "/registry/leases/aaa/first",
                    "/registry/leases/kube-node-lease/node-1",
                    "/registry/leases/kube-node-lease-of-mine/second",
                    "/registry/leases/kube-system/third",
                    "/registry/leasescopy/kube-system/other",
                    "/registry/leasecandidates/kube-system/other",
                    "/kubernetes.io/leases/kube-node-lease/node-1",
                    "/kubernetes.io/leases/openshift/fourth",
                    "/kubernetes.io/leases/openshift/broken/key",
                ]
        )
            Put(key);
        Assert.Equal(["first", "fourth", "second", "third"], (await ReadAsync())!.Select(lease => lease.Name).Order());
        Assert.Equal(4, Calls);
    }

    [Fact]
    public async Task Reads_in_pages()
    {
        for (int i = 0; i < 1001; i++)
        {
            Put($"/registry/leases/a-{i}/lease");
            Put($"/registry/leases/z/lease-{i}");
        }
        EtcdLease[] leases = (await ReadAsync())!;
        Assert.Equal(2002, leases.DistinctBy(lease => (lease.Namespace, lease.Name)).Count());
        Assert.Equal(2002, leases.Length);
        Assert.Equal(3 + 3 + 2, Calls);
    }

    [Fact]
    public async Task Too_many_leases_are_unknown_and_not_read_to_the_end()
    {
        for (int i = 0; i < 3 * Limits.Leases.MaximumCount; i++)
            Put($"/registry/leases/z/lease-{i}");
        Assert.Null(await ReadAsync());
        Assert.InRange(Calls, 20, 30);
    }

    [Fact]
    public async Task A_prefix_without_leases_is_not_read_again()
    {
        Put("/kubernetes.io/leases/openshift/lease");
        Put("/registry/leases/kube-node-lease/node-1");
        Assert.Single((await ReadAsync())!);
        Assert.Equal(4, Calls);
        Assert.Single((await ReadAsync())!);
        Assert.Equal(4 + 2, Calls);
    }

    private int Calls => _cluster.Etcd.Log.Calls.Count(c => c.Call == "List");

    private void Put(string key) => _cluster.Etcd.Keys.Put(key, LeaseValues.Of("a"));

    private async Task<EtcdLease[]?> ReadAsync()
    {
        EtcdLease[]? read = null;
        SimulatedCluster etcd = _cluster.Etcd;
        var membership = new ClusterMembership(
            etcd.Id,
            [.. etcd.Members.Select(m => new ResolvedMember(m.Entry, new SimulatedClient(etcd, m), null))],
            IsListAgreed: true
        );
        await OwnThread.Run(() =>
            _cluster.Time.Run(
                async () => read = await _reader.ReadAsync(membership, CancellationToken.None).ConfigureAwait(false),
                TimeSpan.FromMinutes(1)
            )
        );
        return read;
    }
}

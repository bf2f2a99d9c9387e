using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Measures;

/// <summary>Transfers the leadership to the member that a round requires.</summary>
internal static class LeaderPlace
{
    public static async Task PutAsync(TestEtcdCluster cluster, ClusterMember member, CancellationToken stop)
    {
        ClusterMember leader = await cluster.LeaderAsync(stop);
        if (leader != member)
            (
                await cluster.EtcdctlAsync(["move-leader", member.Id, "--endpoints", leader.ClientUrl], stop)
            ).OutputOrThrow();
        while ((await cluster.LeaderAsync(stop)) != member)
            await Task.Delay(50, stop);
    }
}

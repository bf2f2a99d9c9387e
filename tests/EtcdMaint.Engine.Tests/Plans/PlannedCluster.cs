using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Tests.Safety.Locks;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>A simulated cluster with a size, a history and a number of members that its seed decides.</summary>
internal sealed class PlannedCluster
{
    public PlannedCluster(SimulatedTime time, int seed, ulong? id = null, string? name = null)
    {
        var random = new Random(seed);
        Etcd = new SimulatedCluster(
            Enumerable
                .Range(0, random.Next(2) == 0 ? 3 : 5)
                .Select(i => new SimulatedMember((ulong)(0x100 + i), $"m{i}", time)
                {
                    DbSize = random.Next(400, 900) * 1_000_000L,
                    InUse = random.Next(100, 600) * 1_000_000L,
                    DeadBytes = random.Next(2) * 50_000_000L,
                    Quota = 4_000_000_000,
                    SecondsPerGigabyte = 4,
                    Version = "3.6.14",
                }),
            time,
            id
        )
        {
            Revision = random.Next(3) == 0 ? 50_000 : 900,
        };
        foreach (SimulatedMember member in Etcd.Members)
            member.InUse = Math.Min(member.InUse, member.DbSize);
        Etcd.Lead(Etcd.Members[random.Next(Etcd.Members.Count)]);
        Connection = new EtcdCluster(
            new FoundCluster(name ?? $"c{seed}", EtcdAccess.Endpoint, [], null, new SimulatedMemberSource(Etcd)),
            null,
            time
        ).Connection;
        Connection.Learn(HexId.Format(Etcd.Id));
    }

    public SimulatedCluster Etcd { get; }

    public EtcdConnection Connection { get; }

    /// <summary>The members to which a defragmentation was sent, in this order.</summary>
    public string[] Defragmented => [.. Etcd.Log.MembersOf("Defragment")];

    public EtcdClusterPlan In(EtcdMaintenancePlan plan) =>
        Assert.Single(plan.Cluster, cluster => cluster.ClusterId == Connection.ClusterId);

    public EtcdMaintenanceReport In(IEnumerable<EtcdMaintenanceReport> reports) =>
        Assert.Single(reports, report => report.ClusterId == Connection.ClusterId);

    public void ClearLocks() => LockFolders.Clear(Etcd.Id);
}

using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Engine.Tests.Simulation;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>A run of a plan does exactly what the plan contains, or nothing in a cluster that has changed.</summary>
[Collection(nameof(SimulatedClusters))]
public sealed class PlannedRunTests
{
    [Fact]
    public async Task Of_100_clusters_exactly_the_five_that_changed_are_not_attempted()
    {
        using var fleet = new PlannedFleet(100);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        Assert.Contains(plan.Cluster, cluster => cluster.Contains("Compaction"));
        Assert.Contains(plan.Cluster, cluster => !cluster.Contains("Compaction"));
        fleet.Time.Pass(TimeSpan.FromDays(1));

        (int Cluster, string Difference)[] changes =
        [
            (7, MoveLeader(fleet.Clusters[7].Etcd)),
            (21, AddMember(fleet.Clusters[21].Etcd)),
            (42, Upgrade(fleet.Clusters[42].Etcd)),
            (63, Grow(fleet.Clusters[63].Etcd)),
            (88, Arm(fleet.Clusters[88].Etcd)),
        ];
        EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan);

        Assert.Equal(100, reports.Length);
        Assert.All(reports, report => Assert.Equal(plan.PlanId, report.PlanId));
        foreach ((int number, string difference) in changes)
        {
            EtcdMaintenanceReport report = fleet.Clusters[number].In(reports);
            Assert.Equal((EtcdMaintenanceStatus.NotAttempted, difference), (report.Status, report.Reason));
            Assert.StartsWith("PlanOutdated: ", Assert.Single(report.Error), StringComparison.Ordinal);
            Assert.Empty(fleet.Clusters[number].Etcd.Log.Writes);
        }
        Assert.Equal(
            Enumerable.Repeat("PlanOutdated", changes.Length),
            fleet.Pipeline.Errors.Select(error => error.ErrorId)
        );
        foreach ((int number, PlannedCluster cluster) in fleet.Clusters.Index())
        {
            if (!changes.Any(change => change.Cluster == number))
                AssertFollowed(cluster, plan, reports);
        }
    }

    [Theory]
    [InlineData(3, "m9 is a new member")]
    [InlineData(0, "m0 is no longer a member")]
    public async Task Members_that_joined_or_left_are_named(int change, string difference)
    {
        using var fleet = new PlannedFleet(1);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        SimulatedCluster etcd = fleet.Clusters[0].Etcd;
        if (change == 3)
            AddMember(etcd);
        else
            plan = plan with
            {
                Cluster =
                [
                    plan.Cluster[0] with
                    {
                        MemberPlan = [.. plan.Cluster[0].MemberPlan.Where(m => m.MemberName != "m0"), Departed(plan)],
                    },
                ],
            };
        EtcdMaintenanceReport report = Assert.Single(await fleet.RunAsync(plan));
        Assert.Contains(difference.Replace("m0 is no", "m7 is no", StringComparison.Ordinal), report.Reason);
        Assert.Empty(etcd.Log.Writes);
    }

    [Fact]
    public async Task A_changed_quota_outdates_the_plan()
    {
        using var fleet = new PlannedFleet(1);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        fleet.Clusters[0].Etcd.Members[1].Quota = 8_000_000_000;
        EtcdMaintenanceReport report = Assert.Single(await fleet.RunAsync(plan));
        Assert.Contains("the quota of m1 was 4.0 GB and is now 8.0 GB", report.Reason, StringComparison.Ordinal);
        Assert.Empty(fleet.Clusters[0].Etcd.Log.Writes);
    }

    [Fact]
    public async Task A_cluster_from_the_same_template_does_not_follow_the_plan_of_another_one()
    {
        using var fleet = new PlannedFleet(1);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        var twin = new PlannedCluster(fleet.Time, 0, fleet.Clusters[0].Etcd.Id, name: "twin");
        fleet.Clusters[0] = twin;
        EtcdMaintenanceReport report = Assert.Single(await fleet.RunAsync(plan));
        Assert.Equal(("twin", EtcdMaintenanceStatus.NotAttempted), (report.ClusterName, report.Status));
        Assert.Equal(
            $"plan {plan.PlanId} does not contain this cluster; it contains the cluster ID {report.ClusterId} with the "
                + "name 'c0'",
            report.Reason
        );
        Assert.Empty(twin.Etcd.Log.Calls);
    }

    [Fact]
    public async Task A_change_of_less_than_20_percent_does_not_outdate_the_plan()
    {
        using var fleet = new PlannedFleet(6);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        foreach (SimulatedMember member in fleet.Clusters.SelectMany(cluster => cluster.Etcd.Members))
            member.DbSize = (long)(member.DbSize * 1.19);
        EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan);
        Assert.DoesNotContain(reports, report => report.Status is EtcdMaintenanceStatus.NotAttempted);
        fleet.Clusters.ForEach(cluster => AssertFollowed(cluster, plan, reports));
    }

    [Fact]
    public async Task A_cluster_outside_the_plan_is_not_even_read()
    {
        using var fleet = new PlannedFleet(3);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        var stranger = new PlannedCluster(fleet.Time, 50);
        var successor = new PlannedCluster(fleet.Time, 51, name: "c1");
        fleet.Clusters.AddRange([stranger, successor]);
        EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan);

        EtcdMaintenanceReport outside = stranger.In(reports);
        Assert.Equal(EtcdMaintenanceStatus.NotAttempted, outside.Status);
        Assert.Equal($"plan {plan.PlanId} does not contain this cluster", outside.Reason);
        Assert.Empty(outside.Error);
        Assert.Empty(stranger.Etcd.Log.Calls);
        EtcdMaintenanceReport other = successor.In(reports);
        Assert.Equal(
            $"the cluster of this name had the ID {fleet.Clusters[1].Connection.ClusterId} and now has the ID "
                + successor.Connection.ClusterId,
            other.Reason
        );
        Assert.StartsWith("PlanOutdated: ", Assert.Single(other.Error), StringComparison.Ordinal);
        Assert.Empty(successor.Etcd.Log.Calls);
    }

    [Fact]
    public async Task A_cluster_that_could_not_be_planned_is_not_attempted()
    {
        using var fleet = new PlannedFleet(1);
        SimulatedMember down = fleet.Clusters[0].Etcd.Members.Last(m => m != fleet.Clusters[0].Etcd.Leader);
        down.Set(NetworkState.Refusing);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        Assert.Equal(EtcdMaintenanceStatus.Failed, plan.Cluster[0].Status);
        Assert.All(plan.Cluster[0].MemberPlan, member => Assert.Equal(EtcdDefragStatus.NotAttempted, member.Status));
        down.Set(NetworkState.Open);
        int calls = fleet.Clusters[0].Etcd.Log.Calls.Count;

        EtcdMaintenanceReport report = Assert.Single(await fleet.RunAsync(plan));
        Assert.Equal(EtcdMaintenanceStatus.NotAttempted, report.Status);
        Assert.StartsWith(
            "the plan has no steps for this cluster, because it could not be planned: ",
            report.Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(calls, fleet.Clusters[0].Etcd.Log.Calls.Count);
    }

    /// <summary>The plans vary with the seed. A run may do less, and never more or in another order.</summary>
    [Fact]
    public async Task No_run_does_anything_that_is_not_in_its_plan()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            using var fleet = new PlannedFleet(3);
            EtcdMaintenancePlan whole = await fleet.PlanAsync();
            EtcdMaintenancePlan plan = whole with
            {
                Cluster = [.. whole.Cluster.Select(cluster => Shorten(cluster, random))],
            };
            EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan);
            fleet.Clusters.ForEach(cluster => AssertFollowed(cluster, plan, reports));
        }
    }

    [Fact]
    public async Task WhatIf_compares_the_clusters_and_changes_nothing()
    {
        using var fleet = new PlannedFleet(8);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        string difference = MoveLeader(fleet.Clusters[3].Etcd);
        EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan, planOnly: true);
        Assert.DoesNotContain(fleet.Clusters, cluster => cluster.Etcd.Log.Writes.Any());
        Assert.Equal(difference, fleet.Clusters[3].In(reports).Reason);
        foreach (PlannedCluster cluster in fleet.Clusters.Where(c => c != fleet.Clusters[3]))
        {
            EtcdMaintenanceReport report = cluster.In(reports);
            EtcdClusterPlan planned = cluster.In(plan);
            Assert.Equal((planned.Status, plan.PlanId), (report.Status, report.PlanId));
            Assert.Equal(
                planned.MemberPlan.Where(m => m.Order is not null).Select(m => m.MemberName),
                report.Defrag.Where(row => row.Status is EtcdDefragStatus.Planned).Select(row => row.MemberName)
            );
        }
    }

    [Fact]
    public async Task A_second_run_of_a_plan_finds_it_outdated()
    {
        using var fleet = new PlannedFleet(6);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        await fleet.RunAsync(plan);
        PlannedCluster[] changed = [.. fleet.Clusters.Where(cluster => cluster.Defragmented.Length > 0)];
        Assert.NotEmpty(changed);
        int[] before = [.. changed.Select(cluster => cluster.Defragmented.Length)];
        EtcdMaintenanceReport[] again = await fleet.RunAsync(plan);
        foreach (PlannedCluster cluster in changed)
        {
            Assert.Equal(EtcdMaintenanceStatus.NotAttempted, cluster.In(again).Status);
            Assert.Contains("more than 20 % smaller", cluster.In(again).Reason, StringComparison.Ordinal);
        }
        Assert.Equal(before, changed.Select(cluster => cluster.Defragmented.Length));
    }

    [Fact]
    public async Task A_plan_that_has_ended_changes_nothing()
    {
        using var fleet = new PlannedFleet(2);
        EtcdMaintenancePlan plan = await fleet.PlanAsync() with
        {
            NotAfter = fleet.Time.GetUtcNow() + TimeSpan.FromHours(1),
        };
        fleet.Time.Pass(TimeSpan.FromHours(2));
        EtcdMaintenanceReport[] reports = await fleet.RunAsync(plan);
        Assert.All(reports, report => Assert.Equal("the time of -NotAfter has passed", report.Reason));
        Assert.DoesNotContain(fleet.Clusters, cluster => cluster.Etcd.Log.Writes.Any());
    }

    [Fact]
    public async Task In_an_emergency_the_plan_contains_the_alarm_and_the_run_clears_it()
    {
        using var fleet = new PlannedFleet(1);
        SimulatedCluster etcd = fleet.Clusters[0].Etcd;
        foreach (SimulatedMember member in etcd.Members)
            (member.DbSize, member.InUse) = (4_100_000_000, 500_000_000);
        etcd.Arm(etcd.Members[1], EtcdAlarmType.NoSpace);
        EtcdMaintenancePlan plan = await fleet.PlanAsync();
        Assert.True(plan.Cluster[0].Contains("Alarm"));
        Assert.Equal([EtcdAlarmType.NoSpace], plan.Cluster[0].MemberPlan.Single(m => m.MemberName == "m1").Alarm);

        EtcdMaintenanceReport report = Assert.Single(await fleet.RunAsync(plan));
        AssertFollowed(fleet.Clusters[0], plan, [report]);
        Assert.Empty(etcd.Alarms);
    }

    private static void AssertFollowed(
        PlannedCluster cluster,
        EtcdMaintenancePlan plan,
        IEnumerable<EtcdMaintenanceReport> reports
    )
    {
        EtcdClusterPlan planned = cluster.In(plan);
        EtcdMaintenanceReport report = cluster.In(reports);
        bool isChanged = planned.Status is EtcdMaintenanceStatus.Planned;
        Assert.True(
            report.Status == (isChanged ? EtcdMaintenanceStatus.Succeeded : EtcdMaintenanceStatus.NothingToDo),
            report.Describe()
        );
        string[] turns = [.. planned.MemberPlan.Where(m => m.Order is not null).Select(m => m.MemberName)];
        string[] decided =
        [
            .. planned.MemberPlan.Where(m => m is { Order: not null, IsDecidedLater: false }).Select(m => m.MemberName),
        ];
        Assert.Equal(turns.Where(cluster.Defragmented.Contains), cluster.Defragmented);
        Assert.Superset(decided.ToHashSet(), cluster.Defragmented.ToHashSet());
        Assert.Equal(planned.Contains("Compaction"), cluster.Etcd.Compacted > 0);
        Assert.Equal(planned.Contains("Alarm"), cluster.Etcd.Log.MembersOf("Disarm").Any());
        Assert.Empty(cluster.Etcd.Log.MembersOf("MoveLeader"));
        if (!isChanged)
            Assert.Empty(cluster.Etcd.Log.Writes);
    }

    /// <summary>Removes members and possibly the compaction from a plan, as a plan could be without them.</summary>
    private static EtcdClusterPlan Shorten(EtcdClusterPlan cluster, Random random) =>
        cluster with
        {
            Step =
            [
                .. cluster.Step.Select(step =>
                    step.Name == "Compaction" && random.Next(2) == 0
                        ? step with
                        {
                            Status = EtcdMaintenanceStatus.Skipped,
                        }
                        : step
                ),
            ],
            MemberPlan =
            [
                .. cluster.MemberPlan.Select(member =>
                    random.Next(2) == 0
                        ? member
                        : member with
                        {
                            Status = EtcdDefragStatus.Skipped,
                            Order = null,
                            PredictedDuration = null,
                            BytesReclaimedMinimum = null,
                            BytesReclaimedMaximum = null,
                        }
                ),
            ],
        };

    private static EtcdMemberPlan Departed(EtcdMaintenancePlan plan) =>
        plan.Cluster[0].MemberPlan[0] with
        {
            MemberId = "777",
            MemberName = "m7",
        };

    private static string MoveLeader(SimulatedCluster etcd)
    {
        SimulatedMember before = etcd.Leader!;
        SimulatedMember now = etcd.Members.First(member => member != before);
        etcd.Lead(now);
        return $"the leader was {before.Name} and is now {now.Name}";
    }

    private static string AddMember(SimulatedCluster etcd)
    {
        etcd.Members.Add(
            new SimulatedMember(0x999, "m9", etcd.Time)
            {
                DbSize = 100_000_000,
                InUse = 90_000_000,
                Version = "3.6.14",
            }
        );
        return "m9 is a new member";
    }

    private static string Upgrade(SimulatedCluster etcd)
    {
        etcd.Members[2].Version = "3.6.15";
        return "m2 ran etcd 3.6.14 and now runs 3.6.15";
    }

    private static string Grow(SimulatedCluster etcd)
    {
        long before = etcd.Members[1].DbSize;
        etcd.Members[1].DbSize = (long)(before * 1.21);
        return $"the file of m1 was {ByteText.Of(before)} and is now {ByteText.Of(etcd.Members[1].DbSize)}, more than "
            + "20 % larger";
    }

    private static string Arm(SimulatedCluster etcd)
    {
        etcd.Arm(etcd.Members[0], EtcdAlarmType.NoSpace);
        return "NOSPACE was not armed on m0 and now is";
    }
}

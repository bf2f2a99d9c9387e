namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>Converts a scenario to the request that the cmdlet would send.</summary>
internal static class Scenarios
{
    public static DefragRequest Request(Scenario scenario, SimulatedCluster cluster, Func<TimeSpan, Task<bool>> wait) =>
        new()
        {
            Targets = [.. Targets(scenario, cluster)],
            CallTimeout = TimeSpan.FromSeconds(15),
            PlanOnly = scenario.IsPlanOnly,
            RequireLeaderMove = scenario.RequiresMove,
            ContinueOnError = scenario.ContinuesOnError,
            NoClusterLock = scenario.TakesNoClusterLock,
            Override = scenario.Overrides.ToHashSet(),
            NotAfter = scenario.NotAfter is { } end ? cluster.Time.GetUtcNow() + end : null,
            DefragTimeout = scenario.DefragTimeout,
            MaximumStall = scenario.MaximumStall,
            StopTimeout = scenario.StopTimeout,
            When = scenario.RuleTakes is { } takes
                ? async status => await wait(takes).ConfigureAwait(false) && IsWanted(scenario, status)
                : null,
        };

    private static bool IsWanted(Scenario scenario, EtcdMemberStatus status) =>
        int.Parse(status.MemberName.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)
        < scenario.RuleRefusesFrom;

    private static IEnumerable<MemberTarget> Targets(Scenario scenario, SimulatedCluster cluster) =>
        cluster
            .Members.Select((member, i) => (member, scenario.Members[i].Given))
            .Where(m => m.Given is not null)
            .Select(m => new MemberTarget(
                Record(cluster, m.member),
                m.Given!.Value,
                m.Given is UpstreamState.Failed ? "failed upstream" : null
            ));

    public static EtcdMember Record(SimulatedCluster cluster, SimulatedMember member) =>
        new()
        {
            ClusterName = "simulated",
            ClusterId = HexId.Format(cluster.Id),
            MemberId = HexId.Format(member.Id),
            MemberName = member.Name,
            IsLearner = member.IsLearner,
            Endpoint = member.Entry.ClientUrls[0],
        };
}

using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// Observes a run from inside the cluster, where the complete state is known, and records each Defragment that should
/// not have been sent. A change after the run's last check of the cluster does not count as a violation.
/// </summary>
internal sealed class SafetyInvariants(SimulatedCluster cluster, Scenario scenario, Action<string> note)
{
    /// <summary>The allowed duration of a check, including calls that time out, and without a user's answer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Time from the last status of the final check to the arrival of the request. Another tool can start undetected
    /// only in this time, or while a slower voter still holds up the final check.
    /// </summary>
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(4);

    private readonly List<SimulatedMember> _sent = [];
    private readonly List<string> _violations = [];
    private SimulatedMember? _ledWhenSent;

    public IReadOnlyList<string> Violations => _violations;

    public IReadOnlyList<SimulatedMember> Sent => _sent;

    /// <summary>When each Defragment was sent, in the order of <see cref="Sent"/>.</summary>
    public List<TimeSpan> SentAt { get; } = [];

    public void OnDefragment(SimulatedMember member)
    {
        note($"Defragment sent to {member.Name}");
        bool isLeader = member == cluster.Leader && cluster.LeaderSince < cluster.LastLook;
        Check(!cluster.Members.Exists(m => m.HasOurJob), "another defragmentation of this run is running or queued");
        Check(!_sent.Contains(member), "it was sent a request before");
        Check(!member.IsLearner, "it is a learner");
        Check(!scenario.IsPlanOnly, "the run only plans");
        Check(
            Given(member) is UpstreamState.Done or UpstreamState.Planned,
            "it was not a target, or had failed upstream"
        );
        Check(!(scenario.StopsAfter < cluster.Time.Now), "the run had been stopped");
        Check(
            cluster.Time.Now - cluster.LastLook <= Fresh,
            $"the last check of the cluster was {cluster.Time.Now - cluster.LastLook} ago"
        );
        Check(!(cluster.CorruptSince < cluster.LastLook), "CORRUPT is armed");
        Check(_ledWhenSent is null || _ledWhenSent == member, $"the leader {_ledWhenSent?.Name} had its turn already");
        Check(IsDiskCertain(member), "its disk is unknown, and its release crashes on a full disk");
        CheckVoters(member);
        if (isLeader)
            _ledWhenSent = member;
        _sent.Add(member);
        SentAt.Add(cluster.Time.Now);

        void Check(bool isRight, string what) => Report(isRight, member, what);
    }

    /// <summary>The other voters must be healthy, and no foreign defragmentation may be visible.</summary>
    private void CheckVoters(SimulatedMember member)
    {
        bool mayBeDown = scenario.Overrides.Contains(EtcdGate.MemberDown);
        SimulatedMember[] voters = [.. cluster.Voters];
        SimulatedMember[] lost = [.. voters.Where(v => v.UnavailableSince < cluster.LastLook)];
        Report(mayBeDown || lost.Length == 0, member, $"not sound: {string.Join(", ", lost.Select(v => v.Name))}");
        Report(!lost.Contains(member), member, "it is not healthy itself");
        int left = voters.Except(lost).Count(v => v != member);
        Report(
            voters.Length <= 2 || left > voters.Length / 2,
            member,
            $"only {left} of {voters.Length} voters are left"
        );
        foreach (
            SimulatedMember other in voters.Where(v =>
                v.UnavailableSince is null && !(mayBeDown && HasJustReturned(v)) && CouldBeSeen(v, voters)
            )
        )
            Report(
                false,
                member,
                $"another tool has been defragmenting {other.Name} for "
                    + $"{(cluster.Time.Now - other.ForeignSince!.Value).TotalMilliseconds:0} ms"
            );
    }

    /// <summary>Whether the final check could detect another tool's defragmentation of this voter.</summary>
    private bool CouldBeSeen(SimulatedMember voter, IReadOnlyList<SimulatedMember> voters)
    {
        // A member whose defragmentation does not block it shows it only in its metrics.
        if (voter.IsNonBlocking)
            return voter.HasShownForeign;
        TimeSpan now = cluster.Time.Now;
        bool isCheckOver = now - voters.Max(v => v.StatusServedAt) > RoundTrip;
        bool isStatusOld = now - voter.StatusServedAt > Limits.Defrag.FinalCheckTime;
        return voter.ForeignSince < now - RoundTrip && (isCheckOver || isStatusOld);
    }

    /// <summary>
    /// Whether the voter returned after the run had asked for it directly before the final check. The run waits that
    /// long for an answer.
    /// </summary>
    private bool HasJustReturned(SimulatedMember voter) =>
        cluster.Time.Now - voter.AvailableSince <= Limits.Defrag.FinalCheckTime + RoundTrip;

    private bool IsDiskCertain(SimulatedMember member) =>
        member.FreeDisk is not null
        || member.Version is not ("3.4.23" or "3.5.16" or "3.5.3")
        || scenario.Overrides.Contains(EtcdGate.DiskSpaceUnknown);

    private UpstreamState? Given(SimulatedMember member) => scenario.Members[cluster.Members.IndexOf(member)].Given;

    private void Report(bool isRight, SimulatedMember member, string what)
    {
        if (!isRight)
            _violations.Add($"{cluster.Time.Now.TotalSeconds:0.000}: Defragment to {member.Name}, though {what}");
    }
}

using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Decides whether a member may be unavailable now. Each check is one gate, and the first closed gate decides.
/// </summary>
internal static class ClusterGates
{
    /// <summary>Returns the first gate that is closed and not overridden, or null if all gates are open.</summary>
    /// <param name="state">The current state of the cluster.</param>
    /// <param name="next">The member to defragment next, or null if none is selected yet.</param>
    /// <param name="overrides">The gates that the user has switched off.</param>
    public static GateRefusal? FindClosed(ClusterState state, ulong? next, IReadOnlySet<EtcdGate> overrides)
    {
        GateRefusal[] closed =
        [
            .. Check(state, next).OfType<GateRefusal>().Where(r => !GateOverride.IsIn(overrides, r.Gate)),
        ];
        return closed is [var first, ..]
            ? first with
            {
                // The member that is down takes no turn, so its own turn does not show whether the quorum is at risk.
                OverrideHelps =
                    Array.TrueForAll(closed, r => r.OverriddenBy is not null)
                    && (first.Gate is not GateId.MemberDown || CheckRoom(state, null) is null),
            }
            : null;
    }

    /// <summary>Returns all closed gates.</summary>
    public static IEnumerable<GateRefusal> FindAll(ClusterState state) => Check(state, null).OfType<GateRefusal>();

    private static IEnumerable<GateRefusal?> Check(ClusterState state, ulong? next)
    {
        yield return CheckInFlight(state);
        if (state.Defragmenting.Count > 0)
            yield break;
        yield return CheckMemberList(state);
        yield return CheckCorrupt(state);
        yield return CheckQuorum(state);
        yield return CheckSilent(state);
        yield return CheckMembersUp(state);
        yield return CheckLeader(state);
        yield return CheckFailedBefore(state);
        yield return CheckDowngrade(state);
        yield return CheckVersions(state);
        yield return CheckLag(state);
        yield return CheckRoom(state, next);
        yield return CheckSnapshot(state, next);
    }

    /// <summary>Returns the gate that is closed while members are being defragmented by another client.</summary>
    public static GateRefusal InFlight(IReadOnlyList<ResolvedMember> busy) =>
        new(
            GateId.DefragInFlight,
            $"A defragmentation that this run did not start is running on {string.Join(", ", busy)}.",
            "Wait until it has finished.",
            HexId.Format(busy[0].Id),
            Wait: GateWait.UntilWorkEnds
        );

    private static GateRefusal? CheckInFlight(ClusterState state) =>
        state.Defragmenting.Count > 0 ? InFlight(state.Defragmenting) : null;

    /// <summary>A list without the leader is old, even if no other member contradicts it.</summary>
    private static GateRefusal? CheckMemberList(ClusterState state) =>
        state.ClusterMembership.IsListAgreed && (state.Leader is not { } leader || state.Find(leader) is not null)
            ? null
            : new GateRefusal(
                GateId.MembershipDisagreement,
                "The members do not agree on which members are in the cluster.",
                "Wait until a membership change has reached all members, or find the member that was cut off.",
                HexId.Format(state.ClusterMembership.ClusterId),
                Wait: GateWait.Brief
            );

    private static GateRefusal? CheckCorrupt(ClusterState state)
    {
        ArmedAlarm[] corrupt =
        [
            .. state
                .Readings.SelectMany(r => AlarmStrings.Read(r.Status?.Errors ?? []))
                .Where(a => a.Type is EtcdAlarmType.Corrupt)
                .Distinct(),
        ];
        return corrupt.Length == 0
            ? null
            : new GateRefusal(
                GateId.CorruptArmed,
                $"The CORRUPT alarm is armed for {string.Join(", ", corrupt.Select(NameOf))}.",
                "Find the member whose data differs, and replace it first.",
                HexId.Format(corrupt[0].MemberId)
            )
            {
                Subject = string.Join(", ", corrupt.Select(NameOf)),
            };

        string NameOf(ArmedAlarm alarm) =>
            state.ClusterMembership.Find(alarm.MemberId)?.ToString() ?? HexId.Format(alarm.MemberId);
    }

    private static GateRefusal? CheckQuorum(ClusterState state) =>
        state.QuorumFailure is { } failure
            ? new GateRefusal(
                GateId.NoQuorum,
                $"The cluster did not serve a linearizable read: {failure.Message}",
                "Start the members that are down to restore the quorum.",
                HexId.Format(state.ClusterMembership.ClusterId),
                Wait: GateWait.Brief,
                Cause: failure
            )
            : null;

    /// <summary>
    /// A member that reports only its ID, or that is running and reports nothing, is not down. It may be running a
    /// defragmentation that its metrics do not show, and then the run must wait until it ends.
    /// </summary>
    private static GateRefusal? CheckSilent(ClusterState state)
    {
        if (
            state.Voters.FirstOrDefault(v =>
                v.Member.Client is not null && v.Failure is MemberCallException { Failure: CallFailure.TimedOut }
            ) is
            { } silent
        )
            return Silent(
                silent,
                $"Member {silent.Member} is running but does not report its status, as during a defragmentation.",
                state.IsKnownIdle(silent.Id) ? GateWait.Brief : GateWait.UntilWorkEnds
            );
        return
            state.ClusterMembership.Unresponsive is [var place, ..]
            && state.Voters.FirstOrDefault(v => v is { Status: null, Member.Client: null }) is { } missing
            ? Silent(
                missing,
                $"The etcd at {place}, probably member {missing.Member}, is running but does not report "
                    + "its ID, as during a defragmentation.",
                GateWait.UntilWorkEnds
            )
            : null;
    }

    private static GateRefusal Silent(MemberReading voter, string why, GateWait wait) =>
        new(
            GateId.MemberSilent,
            why,
            "Wait until Get-EtcdMemberStatus shows it again. If it never does, restart the member.",
            HexId.Format(voter.Id),
            Wait: wait,
            Cause: voter.Failure
        )
        {
            Subject = voter.Member.ToString(),
        };

    private static GateRefusal? CheckMembersUp(ClusterState state)
    {
        MemberReading[] down = [.. state.Voters.Where(v => v.Status is null)];
        if (down.Length == 0)
            return null;
        return new GateRefusal(
            GateId.MemberDown,
            string.Join(
                " ",
                down.Select(d =>
                    d.Member.Client is null ? d.Failure!.Message : $"Member {d.Member}: {d.Failure!.Message}"
                )
            ),
            "Start all voting members first.",
            HexId.Format(down[0].Id),
            Wait: Array.Exists(down, d => d.IsAccessDenied) ? GateWait.Never : GateWait.Brief,
            Cause: down[0].Failure
        )
        {
            Subject = string.Join(", ", down.Select(d => d.Member)),
        };
    }

    private static GateRefusal? CheckLeader(ClusterState state)
    {
        if (state.Leader is not null)
            return null;
        string[] views =
        [
            .. state
                .Voters.Where(v => v.Status is not null)
                .Select(v => $"{v.Member} reports {(v.Status!.Leader == 0 ? "none" : HexId.Format(v.Status.Leader))}"),
        ];
        bool isNone = state.Voters.All(v => v.Status is null or { Leader: 0 });
        return new GateRefusal(
            isNone ? GateId.NoLeader : GateId.LeaderDisagreement,
            views.Length == 0 ? "No member reported the leader."
                : isNone ? "The cluster has no leader."
                : $"The members do not agree on the leader: {string.Join(", ", views)}.",
            "Wait until an election is over. If it does not end, check the network between the members.",
            HexId.Format(state.ClusterMembership.ClusterId),
            Wait: GateWait.Brief
        );
    }

    /// <summary>
    /// After a failed defragmentation, some releases crash at the next write. Only the member's own count of failed
    /// calls shows this, and every other value is normal. The gate opens when a write of the member is observed, which
    /// shows that the member did not crash.
    /// </summary>
    private static GateRefusal? CheckFailedBefore(ClusterState state) =>
        state.FailedBefore.FirstOrDefault(f =>
            !f.HasWorkedSince && VersionHazards.DiesOnFullDisk(f.Member.Status!.Version)
        )
            is not { } failed
            ? null
            : new GateRefusal(
                GateId.DefragFailedBefore,
                $"A defragmentation of {failed.Member.Member} has failed since its process started, for "
                    + $"example because the disk was full. After that, etcd {failed.Member.Status!.Version} may "
                    + "crash at its next write, and no write has been observed since.",
                "Delete db.tmp.* in its snap folder, free space on its disk, then restart it.",
                HexId.Format(failed.Member.Id),
                Wait: GateWait.Brief
            )
            {
                Subject = failed.Member.Member.ToString(),
            };

    private static GateRefusal? CheckDowngrade(ClusterState state) =>
        state.Readings.FirstOrDefault(r => r.Status?.DowngradeTarget is not null) is { } downgrading
            ? new GateRefusal(
                GateId.DowngradeRunning,
                $"A downgrade of the cluster to {downgrading.Status!.DowngradeTarget} is in progress.",
                "Finish or cancel the downgrade first.",
                HexId.Format(state.ClusterMembership.ClusterId)
            )
            : null;

    private static GateRefusal? CheckVersions(ClusterState state) =>
        state
            .Readings.Where(r => r.Status is not null)
            .Select(r => (r.Member, Hazard: VersionHazards.FindBlocking(r.Status!.Version)))
            .Where(r => r.Hazard is not null)
            .Select(r => new GateRefusal(
                GateId.VersionHazard,
                $"Member {r.Member}: {r.Hazard}.",
                "Upgrade etcd first.",
                HexId.Format(r.Member.Id)
            )
            {
                Subject = r.Member.ToString(),
            })
            .FirstOrDefault();

    private static GateRefusal? CheckLag(ClusterState state)
    {
        ulong head = state.Find(state.Leader ?? 0)?.Status?.RaftIndex ?? 0;
        MemberReading? behind = state.Voters.FirstOrDefault(v =>
            v.Status is { } s && (s.ApplyLag > Limits.Gates.ApplyLag || s.RaftIndex + Limits.Gates.CommitLag < head)
        );
        return behind is null
            ? null
            : new GateRefusal(
                GateId.MemberBehind,
                $"Member {behind.Member} is behind: it has applied entry "
                    + $"{behind.Status!.RaftAppliedIndex:N0} of {Math.Max(head, behind.Status.RaftIndex):N0}.",
                "Wait until the member is no longer behind.",
                HexId.Format(behind.Id),
                Wait: GateWait.Brief
            )
            {
                Subject = behind.Member.ToString(),
            };
    }

    private static GateRefusal? CheckSnapshot(ClusterState state, ulong? next) =>
        state.ClusterMembership.Find(next ?? 0) is { } member
            ? SnapshotGate.Find(member, state.Metrics.GetValueOrDefault(member.Id))
            : null;

    /// <summary>
    /// The voters that remain while one is unavailable must form a quorum. One or two voters never can.
    /// </summary>
    private static GateRefusal? CheckRoom(ClusterState state, ulong? next)
    {
        int voters = state.Voters.Count();
        if (voters <= 2)
            return null;
        int others = state.Voters.Count(v => v.Status is not null && v.Id != next);
        int left = next is null ? Math.Max(0, others - 1) : others;
        int quorum = voters / 2 + 1;
        return left >= quorum
            ? null
            : new GateRefusal(
                GateId.QuorumAtRisk,
                $"While one member is unavailable, only {left} of {voters} voters remain, and a quorum "
                    + $"needs {quorum}.",
                "Start the members that are down first.",
                HexId.Format(state.ClusterMembership.ClusterId)
            );
    }
}

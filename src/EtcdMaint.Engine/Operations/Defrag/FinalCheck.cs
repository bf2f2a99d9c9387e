using System.Globalization;
using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The result of the final check.</summary>
/// <param name="State">The state of the voters directly before.</param>
/// <param name="Obstacle">Why the run returns to the gates, or null if it does not.</param>
internal sealed record FinalCheckResult(ClusterState State, EtcdException? Obstacle);

/// <summary>
/// The last check before a defragmentation is sent, after everything that takes time. The lock is proved, and voters
/// that did not answer at the gates are asked once more. Then, in one round trip, every voter reports its status, which
/// a member that is being defragmented does not, and the member itself confirms its ID. Another tool can start only
/// during the remaining round trip, which <see cref="OverlapMonitor"/> reports.
/// </summary>
internal sealed class FinalCheck(ClusterContext context, DefragRequest request, RunLock runLock)
{
    private TimeSpan TimeLimit =>
        context.RunsPrograms ? Limits.Defrag.FinalCheckProgramTime : Limits.Defrag.FinalCheckTime;

    public async Task<FinalCheckResult> RunAsync(
        ClusterState state,
        MemberReading target,
        IPreparedDefrag prepared,
        OverlapMonitor overlaps,
        DateTimeOffset? latestStart,
        CancellationToken cancellationToken
    )
    {
        if (!runLock.HasClusterLock)
            await Task.Delay(
                    Limits.Defrag.DelayWithoutLock * context.Random.NextDouble(),
                    context.Time,
                    cancellationToken
                )
                .ConfigureAwait(false);
        try
        {
            await runLock.ProveAsync(target.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException unproved) when (!LockErrors.IsTaken(unproved) && !LockErrors.IsLost(unproved))
        {
            return new FinalCheckResult(state, unproved);
        }

        await overlaps.PrepareAsync(cancellationToken).ConfigureAwait(false);
        if (await FindReturnedAsync(state, cancellationToken).ConfigureAwait(false) is { } returned)
            return new FinalCheckResult(state, returned);

        // A member whose defragmentation does not block it reports its status meanwhile.
        if (overlaps.Defragmenting is { Count: > 0 } busy)
            return new FinalCheckResult(state, ClusterGates.InFlight(busy).ToException());

        var limit = new CallBudget(TimeLimit, cancellationToken);
        Moment started = Moment.Now(context.Time);
        Task<MemberReading[]> asking = context.ReadStatusAsync(state.ClusterMembership.Voters, limit);
        EtcdException? refused = await VerifyAsync(prepared, target, limit).ConfigureAwait(false);
        ClusterState now = state with
        {
            Readings = [.. await asking.ConfigureAwait(false), .. state.Readings.Where(r => r.Member.Entry.IsLearner)],
        };
        return new FinalCheckResult(
            now,
            FindChange(state, now, target) ?? refused ?? FindTooSlow(started) ?? FindTooLate(latestStart)
        );
    }

    /// <summary>
    /// A voter that did not answer at the gates may be running again, and another tool may be defragmenting it. The
    /// proof of the lock can take so long that the gates no longer tell.
    /// </summary>
    private async Task<EtcdException?> FindReturnedAsync(ClusterState state, CancellationToken cancellationToken)
    {
        if (state.Voters.All(v => v.Member.Client is not null))
            return null;
        ResolvedMember? returned;
        try
        {
            returned = await context
                .FindReturnedAsync(state.ClusterMembership, new CallBudget(TimeLimit, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (EtcdException)
        {
            // The addresses of the members could not be read, so the member cannot be reached by this run either.
            return null;
        }
        return returned is null
            ? null
            : new EtcdException(
                ErrorIds.MemberReturned,
                EtcdErrorCategory.InvalidOperation,
                $"Member {returned} did not answer before and answers now, so the cluster must be checked again.",
                "Run the command again when the cluster is stable.",
                HexId.Format(returned.Id)
            );
    }

    private async Task<EtcdException?> VerifyAsync(IPreparedDefrag prepared, MemberReading target, CallBudget limit)
    {
        try
        {
            await prepared.VerifyAsync(limit).ConfigureAwait(false);
            return null;
        }
        catch (EtcdException refused)
        {
            if (refused is MemberCallException { Failure: CallFailure.OtherMember })
                context.Identities.ObserveChange(target.Member.Client!);
            return refused;
        }
    }

    private EtcdException? FindChange(ClusterState before, ClusterState now, MemberReading target)
    {
        if (ClusterGates.FindClosed(now, target.Id, Overrides(before, now)) is { } closed)
            return closed.ToException();
        if (SharedEndpointGate.Check(context, before.ClusterMembership, target.Member) is { } shared)
            return shared.ToException();
        return now.Find(target.Id)?.Failure ?? (now.Leader == before.Leader ? null : LeaderChanged());
    }

    /// <summary>
    /// An override of <see cref="EtcdGate.MemberDown"/> is for voters that were already down at the gates. A voter that
    /// has stopped answering since then may be defragmented by another tool, and only its connection broke.
    /// </summary>
    private IReadOnlySet<EtcdGate> Overrides(ClusterState before, ClusterState now) =>
        now.Voters.Any(v => v.Status is null && before.Find(v.Id)?.Status is not null)
            ? request.Override.Where(gate => gate is not EtcdGate.MemberDown).ToHashSet()
            : request.Override;

    private static EtcdException LeaderChanged() =>
        new(
            ErrorIds.LeaderChanged,
            EtcdErrorCategory.InvalidOperation,
            "The cluster elected another leader directly before the defragmentation.",
            "Run the command again when the cluster keeps its leader."
        );

    private EtcdException? FindTooSlow(Moment started)
    {
        TimeSpan took = started.Age;
        return took <= TimeLimit
            ? null
            : new EtcdException(
                ErrorIds.FinalCheckTooSlow,
                EtcdErrorCategory.OperationTimeout,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The voters needed {took.TotalSeconds:0.0} s for the check directly before the "
                        + $"defragmentation, but only {TimeLimit.TotalSeconds:0} s are allowed."
                ),
                "Run the command again when the cluster is less busy."
            );
    }

    private EtcdException? FindTooLate(DateTimeOffset? latestStart) =>
        context.Time.GetUtcNow() > latestStart
            ? new EtcdException(
                ErrorIds.TimeLimitReached,
                EtcdErrorCategory.OperationTimeout,
                $"The defragmentation would end after {request.NotAfter:u}.",
                "Specify a later time with -NotAfter."
            )
            : null;
}

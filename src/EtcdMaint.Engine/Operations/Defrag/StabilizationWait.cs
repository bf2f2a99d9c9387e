using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Waits after a defragmentation until the member answers with its own ID and every voter has applied nearly all
/// entries, in several consecutive samples. A member that was unavailable may be many entries behind.
/// </summary>
internal sealed class StabilizationWait(ClusterContext context)
{
    /// <summary>Returns the last reading of the member, and why it did not become stable, or null if it did.</summary>
    /// <param name="member">The member that was defragmented.</param>
    /// <param name="voters">The voters that answered before, including this member.</param>
    /// <param name="cancellationToken">Ends the wait at the next sample that is not stable.</param>
    public async Task<(MemberReading? Last, string? Trouble)> WaitAsync(
        ResolvedMember member,
        IReadOnlyList<ResolvedMember> voters,
        CancellationToken cancellationToken
    )
    {
        var poll = new PollLoop(context.Time, Limits.Defrag.StablePollInterval);
        int calm = 0;
        while (true)
        {
            MemberReading[] readings = await context
                .ReadAsync(voters, new CallBudget(Limits.Defrag.StableTime, CancellationToken.None))
                .ConfigureAwait(false);
            MemberReading? last = Array.Find(readings, r => r.Id == member.Id);
            MemberReading? restless = Array.Find(readings, r => FindTrouble(r) is not null);
            calm = restless is null ? calm + 1 : 0;
            if (calm >= Limits.Defrag.StableSamples)
                return (last, null);
            if (restless is { Status: null } && await IsDefragmentingAsync(restless.Member).ConfigureAwait(false))
            {
                // Another client started this defragmentation. On another member, the next gate waits for it.
                poll.Restart();
                if (restless.Id != member.Id)
                    voters = [.. voters.Where(v => v.Id != restless.Id)];
            }
            bool mayWait = restless is null || !cancellationToken.IsCancellationRequested;
            TimeSpan limit = mayWait ? WaitLimitOf(restless) : TimeSpan.Zero;
            if (!await poll.NextAsync(limit, CancellationToken.None).ConfigureAwait(false))
                return (last, FindTrouble(restless!));
        }
    }

    private static TimeSpan WaitLimitOf(MemberReading? restless) =>
        restless switch
        {
            null => TimeSpan.MaxValue,
            { IsAccessDenied: true } => TimeSpan.Zero,
            { Failure: MemberCallException { Failure: CallFailure.ConnectionClosed } } => TimeSpan.Zero,
            { Status: null } => Limits.Defrag.SilenceWait,
            _ => Limits.Defrag.BacklogWait,
        };

    private static string? FindTrouble(MemberReading reading)
    {
        if (reading.Status is not { } status)
            return reading.Failure!.Message.TrimEnd('.');
        if (status.Leader == 0)
            return $"{reading.Member} has no leader";
        return status.ApplyLag > Limits.Gates.ApplyLag
            ? $"{reading.Member} has {status.ApplyLag:N0} entries left to apply"
            : null;
    }

    private static async Task<bool> IsDefragmentingAsync(ResolvedMember member)
    {
        MemberMetrics? metrics = await member
            .ReadMetricsAsync(new CallBudget(Limits.Defrag.StableMetricsTime, CancellationToken.None))
            .ConfigureAwait(false);
        return metrics?.IsDefragmenting is true;
    }
}

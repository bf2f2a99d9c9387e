using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Finds defragmentations by other tools on other members while a member of this run is being defragmented. Metrics
/// prove them. Without metrics, a smaller file proves one, and a member that does not report its status is reported as
/// probably defragmenting, unless the access is what delays it.
/// </summary>
internal sealed class OverlapMonitor(
    ClusterContext context,
    IRunObserver observer,
    ResolvedMember target,
    IEnumerable<ResolvedMember> others
)
{
    // Reading metrics costs a member far more than a light read, and a pause of a second is over before anybody can
    // act.
    private readonly Other[] _others = [.. others.Where(o => o.Client is not null).Select(o => new Other(o))];

    private TimeSpan ReadLimit => context.RunsPrograms ? Limits.Defrag.OverlapProgramTime : Limits.Defrag.OverlapTime;

    /// <summary>The members that another tool defragmented.</summary>
    public IReadOnlyList<string> Overlapping => [.. _others.Where(o => o.IsReported).Select(o => o.Member.ToString())];

    /// <summary>The members that were defragmenting when their counts were read.</summary>
    public IReadOnlyList<ResolvedMember> Defragmenting =>
        [.. _others.Where(o => o.Before is { IsDefragmenting: true }).Select(o => o.Member)];

    /// <summary>Reads the counts with which later counts are compared.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            _others.Select(async o =>
                o.Before = await o
                    .Member.ReadMetricsAsync(new CallBudget(ReadLimit, cancellationToken))
                    .ConfigureAwait(false)
            )
        );

    /// <summary>Checks the other members repeatedly until <paramref name="over"/>.</summary>
    public async Task WatchAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Limits.Defrag.OverlapPollInterval, context.Time, over).ConfigureAwait(false);
                await Task.WhenAll(_others.Where(o => !o.IsReported).Select(o => LookAsync(o, null, over)))
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The member has finished.
        }
    }

    /// <summary>
    /// Checks once more after the member has finished, and compares counts and sizes with those before.
    /// </summary>
    /// <param name="before">The state that the final check read directly before the defragmentation was sent.</param>
    public Task CompareAsync(ClusterState before) =>
        Task.WhenAll(
            _others
                .Where(o => !o.IsReported)
                .Select(o => LookAsync(o, before.Find(o.Member.Id)?.Status, CancellationToken.None))
        );

    private async Task LookAsync(Other other, StatusReply? before, CancellationToken cancellationToken)
    {
        var limit = new CallBudget(ReadLimit, cancellationToken);
        MemberMetrics? now = await other.Member.ReadMetricsAsync(limit).ConfigureAwait(false);
        if (
            now?.IsDefragmenting is { } isDefragmenting
            && other.Before is { } known
            && known.ProcessStart == now.ProcessStart
        )
        {
            if (isDefragmenting || now.DefragCount > known.DefragCount)
                Report(other, $"Another tool defragmented {other.Member}");
            return;
        }
        Task<MemberReading[]> asking = context.ReadStatusAsync([other.Member], limit);
        CallDuration duration = await CallDuration
            .MeasureAsync(asking, other.Member.Client!, limit, context.Time)
            .ConfigureAwait(false);
        MemberReading reading = (await asking.ConfigureAwait(false))[0];
        if (
            reading.Failure is MemberCallException { Failure: CallFailure.TimedOut }
            && now?.IsDefragmenting is not false
            && duration.ByMember > duration.ByAccess
        )
            Report(other, $"{other.Member} did not report its status, as during a defragmentation by another tool,");
        else if (reading.Status?.DbSize < before?.DbSize)
            Report(other, $"Another tool defragmented {other.Member}");
    }

    private void Report(Other other, string what)
    {
        other.IsReported = true;
        observer.Warn(
            $"DefragOverlap: {what} while {target} was defragmenting, so two members were unavailable at "
                + "the same time. No other member starts until both have finished."
        );
    }

    private sealed class Other(ResolvedMember member)
    {
        public ResolvedMember Member { get; } = member;

        public MemberMetrics? Before { get; set; }

        public bool IsReported { get; set; }
    }
}

using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety.Gates;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Shows what a run would do, member by member in its order, with predicted figures (<c>-WhatIf</c>).
/// </summary>
internal sealed class DefragPlanner(DefragContext session)
{
    /// <summary>The members whose gate is closed, with the errors that are reported after all rows.</summary>
    private readonly List<(ResolvedMember Member, EtcdException Error)> _closed = [];

    public async Task ShowAsync(ClusterState state, CancellationToken cancellationToken)
    {
        DateTimeOffset end = session.Context.Time.GetUtcNow();
        var planned = new List<MemberReading>();
        foreach (MemberReading reading in state.Readings.Where(r => session.Results.IsWaiting(r.Id)))
        {
            if (reading.Status is null)
            {
                session.Results.AddFailure(reading.Id, reading.Failure!);
                continue;
            }
            string? reason = session.Results.IsBeforeCompaction(reading.Id)
                ? null
                : await session.FindReasonToSkipAsync(reading).ConfigureAwait(false);
            if (reason is null)
                planned.Add(reading);
            else
                session.Results.Leave(
                    reading.Id,
                    EtcdDefragStatus.Skipped,
                    reason,
                    reading,
                    reading.Id == state.Leader
                );
        }
        await new DiskSpaceWarning(session.Request, session.Observer)
            .WarnAsync(planned, cancellationToken)
            .ConfigureAwait(false);
        var summary = new PlanSummary(session);
        foreach (MemberReading reading in DefragOrdering.Order(planned, state.Leader, session.Request.InOrder))
        {
            bool isLeader = reading.Id == state.Leader;
            DefragPrediction prediction = session.Estimate.Predict(
                reading.Status!.DbSizeInUse,
                state.IsNonBlocking(reading.Id)
            );
            TimeSpan predicted = prediction.Pause;
            if (
                await new MemberGate(session.Request)
                    .FindClosedAsync(reading, predicted, prediction.IsNonBlocking, cancellationToken)
                    .ConfigureAwait(false) is
                { } closed
            )
            {
                EtcdException error = closed.ToException();
                session.Results.AddFailure(reading.Id, error, reading, isLeader, isReported: false);
                _closed.Add((reading.Member, error));
                continue;
            }
            end += prediction.Duration;
            if (session.FindTooLate(end) is { } tooLate)
            {
                session.Results.Leave(reading.Id, EtcdDefragStatus.NotAttempted, tooLate, reading, isLeader);
                continue;
            }
            summary.Add(reading, predicted, isLeader);
            session.Results.Plan(reading, predicted, isLeader, session.FindDependence(reading, predicted, isLeader));
        }
        foreach (
            IGrouping<string, (ResolvedMember Member, EtcdException Error)> alike in _closed.GroupBy(c =>
                c.Error.ErrorId
            )
        )
            session.Observer.ReportError(OneError.For([.. alike]));

        // The rows show the members, so one sentence after them replaces a sentence of -WhatIf for each.
        if (summary.Text is { } text)
            session.Observer.Inform(text);
    }
}

using System.Globalization;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Waits for one reason after the other, each for as long as its kind allows. A wait for the work of another
/// client is announced by one warning and shown as progress. Short waits appear only in the verbose output.
/// </summary>
internal sealed class AnnouncedWait(TimeProvider time, IRunObserver observer, string clusterName)
{
    private Moment _since;
    private string? _id;
    private GateWait _wait;

    private string Activity => $"Waiting for {clusterName}";

    /// <summary>
    /// Waits for one poll interval. Returns false if the reason is not waited for, or if the time limit has passed.
    /// </summary>
    public async Task<bool> WaitAsync(WaitReason reason, GateWaitPolicy policy, CancellationToken cancellationToken)
    {
        if (reason.Wait is GateWait.Never)
            return false;
        TimeSpan limit = policy.LimitOf(reason.Wait);
        if (_id != reason.Id)
            Begin(reason, limit);
        TimeSpan waited = _since.Age;
        if (waited >= limit)
            return false;
        if (reason.Wait is GateWait.UntilWorkEnds)
            observer.Report(
                new RunProgress(
                    Activity,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{reason.Why} Waited {waited:mm\\:ss} of up to {limit:mm\\:ss}."
                    ),
                    waited / limit,
                    limit - waited
                )
            );
        await Task.Delay(Limits.Gates.PollInterval, time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes the progress bar, if one is shown.</summary>
    public void End()
    {
        if (_wait is GateWait.UntilWorkEnds)
            observer.Report(new RunProgress(Activity, "done", 1, null, IsOver: true));
        (_id, _wait) = (null, GateWait.Never);
    }

    /// <summary>
    /// Reasons of one kind share a time limit. It starts again after a wait for the work of another client.
    /// </summary>
    private void Begin(WaitReason reason, TimeSpan limit)
    {
        if (reason.Wait != _wait)
        {
            End();
            _since = Moment.Now(time);
            if (reason.Wait is GateWait.UntilWorkEnds)
                observer.Warn($"{reason.Id}: {reason.Why} The run waits for up to {limit.TotalMinutes:0} minutes.");
        }
        if (reason.Wait is GateWait.Brief)
            observer.LogVerbose($"Waiting: {reason.Why}");
        (_id, _wait) = (reason.Id, reason.Wait);
    }
}

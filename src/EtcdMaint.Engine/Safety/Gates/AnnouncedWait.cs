using System.Globalization;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Waits for one closed gate after the other, each for as long as its kind allows. A wait for the work of another
/// client is announced by one warning and shown as progress. Short waits appear only in the verbose output.
/// </summary>
internal sealed class AnnouncedWait(TimeProvider time, IRunObserver observer, string clusterName)
{
    private Moment _since;
    private string? _gate;
    private GateWait _wait;

    private string Activity => $"Waiting for {clusterName}";

    /// <summary>
    /// Waits for one poll interval. Returns false if the gate is not waited for, or if the time limit has passed.
    /// </summary>
    public async Task<bool> WaitAsync(ClosedGate gate, GateWaitPolicy policy, CancellationToken cancellationToken)
    {
        if (gate.Wait is GateWait.Never)
            return false;
        TimeSpan limit = policy.LimitOf(gate.Wait);
        if (_gate != gate.Id)
            Begin(gate, limit);
        TimeSpan waited = _since.Age;
        if (waited >= limit)
            return false;
        if (gate.Wait is GateWait.UntilWorkEnds)
            observer.Report(
                new RunProgress(
                    Activity,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{gate.Why} Waited {waited:mm\\:ss} of up to {limit:mm\\:ss}."
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
        (_gate, _wait) = (null, GateWait.Never);
    }

    /// <summary>
    /// Gates of one kind share a time limit. It starts again after a wait for the work of another client.
    /// </summary>
    private void Begin(ClosedGate gate, TimeSpan limit)
    {
        if (gate.Wait != _wait)
        {
            End();
            _since = Moment.Now(time);
            if (gate.Wait is GateWait.UntilWorkEnds)
                observer.Warn($"{gate.Id}: {gate.Why} The run waits for up to {limit.TotalMinutes:0} minutes.");
        }
        if (gate.Wait is GateWait.Brief)
            observer.LogVerbose($"Waiting: {gate.Why}");
        (_gate, _wait) = (gate.Id, gate.Wait);
    }
}

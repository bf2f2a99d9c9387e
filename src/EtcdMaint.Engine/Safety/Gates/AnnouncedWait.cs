using System.Globalization;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Waits for one closed gate after the other, each for as long as its kind allows. A wait for the work of another
/// client is announced by one warning and shown as progress; short waits appear in the verbose output only.
/// </summary>
internal sealed class AnnouncedWait(TimeProvider time, IRunObserver observer, string clusterName)
{
    private Moment _since;
    private string? _gate;
    private GateWait _wait;

    private string Activity => $"Waiting for {clusterName}";

    /// <summary>
    /// Waits for one poll interval; false when the gate is not worth waiting for, or was waited for long enough.
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
                        $"{gate.Why} Waited {waited:mm\\:ss} of at most {limit:mm\\:ss}."
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
    /// Gates of one kind share their patience; what the work of another client has delayed begins anew after it.
    /// </summary>
    private void Begin(ClosedGate gate, TimeSpan limit)
    {
        if (gate.Wait != _wait)
        {
            End();
            _since = Moment.Now(time);
            if (gate.Wait is GateWait.UntilWorkEnds)
                observer.Warn(
                    $"{gate.Id}: {gate.Why} The run waits for at most {limit.TotalMinutes:0} minutes until it ends."
                );
        }
        if (gate.Wait is GateWait.Brief)
            observer.LogVerbose($"Waiting: {gate.Why}");
        (_gate, _wait) = (gate.Id, gate.Wait);
    }
}

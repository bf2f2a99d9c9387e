using System.Globalization;

namespace EtcdMaint.Engine.Safety.Gates;

/// <summary>
/// Waits for one closed gate after the other, each for as long as its kind allows. A wait for the work of another
/// client is announced by one warning and shown as progress; short waits appear in the verbose output only.
/// </summary>
internal sealed class AnnouncedWait(TimeProvider time, IRunObserver observer, string clusterName)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A member that defragments 100 GB at 10 s/GB is finished within this time.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(30);

    private Moment _since;
    private string? _gate;
    private GateWait _wait;

    private string Activity => $"Waiting for {clusterName}";

    /// <summary>
    /// Waits for one poll interval; false when the gate is not worth waiting for, or was waited for long enough.
    /// </summary>
    /// <param name="gate">The gate's name.</param>
    /// <param name="wait">How long it can take to open.</param>
    /// <param name="why">Why it is closed.</param>
    /// <param name="brief">How long a gate may take that opens within seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> WaitAsync(
        string gate,
        GateWait wait,
        string why,
        TimeSpan brief,
        CancellationToken cancellationToken
    )
    {
        if (wait is GateWait.Never)
            return false;
        if (_gate != gate)
            Begin(gate, wait, why);
        TimeSpan waited = _since.Age;
        TimeSpan patience = wait is GateWait.UntilWorkEnds ? GiveUpAfter : brief;
        if (waited >= patience)
            return false;
        if (wait is GateWait.UntilWorkEnds)
            observer.Report(
                new RunProgress(
                    Activity,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{why} Waited {waited:mm\\:ss} of at most {patience:mm\\:ss}."
                    ),
                    waited / patience,
                    patience - waited
                )
            );
        await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
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
    private void Begin(string gate, GateWait wait, string why)
    {
        if (wait != _wait)
        {
            End();
            _since = Moment.Now(time);
            if (wait is GateWait.UntilWorkEnds)
                observer.Warn(
                    $"{gate}: {why} The run waits for at most {GiveUpAfter.TotalMinutes:0} minutes until it ends."
                );
        }
        if (wait is GateWait.Brief)
            observer.LogVerbose($"Waiting: {why}");
        (_gate, _wait) = (gate, wait);
    }
}

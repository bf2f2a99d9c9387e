using EtcdMaint.Engine.Safety.Locks;

namespace EtcdMaint.Engine.Runbook;

/// <summary>
/// Records the rows, errors and messages of a run for its report, and passes messages to the user at once.
/// </summary>
internal sealed class RecordingObserver(IRunObserver observer, TimeProvider time) : IRunObserver
{
    private readonly List<object> _rows = [];
    private readonly List<EtcdException> _errors = [];
    private readonly List<EtcdMaintenanceEvent> _events = [];

    public bool HasErrors => Errors.Count > 0;

    /// <summary>
    /// How a step with errors ended. While another run holds the lock of the cluster, this run only comes too early: it
    /// can be repeated, also automatically, unlike a run that failed.
    /// </summary>
    public EtcdMaintenanceStatus FailureStatus =>
        LockErrors.IsTaken(Errors[0]) ? EtcdMaintenanceStatus.NotAttempted : EtcdMaintenanceStatus.Failed;

    /// <summary>Whether a change of the cluster was confirmed, which happens directly before the change.</summary>
    public bool ChangeBegan { get; private set; }

    /// <summary>Whether the current step confirms an action that does not change the cluster.</summary>
    public bool OnlyReads { get; set; }

    /// <summary>The leases from the first reading to the last one; null if no step has read them.</summary>
    public ObservedLeases? Leases { get; private set; }

    public IReadOnlyList<EtcdException> Errors
    {
        get
        {
            lock (_rows)
                return [.. _errors];
        }
    }

    public EtcdMaintenanceEvent[] Events
    {
        get
        {
            lock (_rows)
                return [.. _events];
        }
    }

    public T[] Recorded<T>()
    {
        lock (_rows)
            return [.. _rows.OfType<T>()];
    }

    public void Emit(object row)
    {
        lock (_rows)
            _rows.Add(row);
    }

    public void ReportError(EtcdException error)
    {
        lock (_rows)
            _errors.Add(error);
    }

    public void Warn(string message)
    {
        Keep(message, isWarning: true);
        observer.Warn(message);
    }

    public void LogVerbose(string message)
    {
        Keep(message, isWarning: false);
        observer.LogVerbose(message);
    }

    public void Inform(string message)
    {
        Keep(message, isWarning: false);
        observer.Inform(message);
    }

    public void Report(RunProgress progress) => observer.Report(progress);

    /// <summary>A loss that an earlier step could not exclude stays possible.</summary>
    public void RecordLeases(ObservedLeases leases) =>
        Leases = Leases is not { } earlier
            ? leases
            : leases with
            {
                Before = earlier.Before,
                Lost = earlier.Lost is null && leases.Lost is { Count: 0 } ? null : leases.Lost,
            };

    public async Task<bool> ConfirmAsync(string action, string target)
    {
        bool isYes = await observer.ConfirmAsync(action, target).ConfigureAwait(false);
        ChangeBegan |= isYes && !OnlyReads;
        return isYes;
    }

    private void Keep(string message, bool isWarning)
    {
        lock (_rows)
            _events.Add(
                new EtcdMaintenanceEvent
                {
                    At = time.GetUtcNow(),
                    IsWarning = isWarning,
                    Message = message,
                }
            );
    }
}

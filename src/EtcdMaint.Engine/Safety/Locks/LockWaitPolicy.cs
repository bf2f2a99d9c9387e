namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>How a run reacts to the lock of another run.</summary>
internal enum LockWaitPolicy
{
    /// <summary>Ends at once.</summary>
    None,

    /// <summary>
    /// Observes the lock until its run is known to be active or ended, or the lock no longer exists. For a run that has
    /// written no lock yet.
    /// </summary>
    UntilKnown,

    /// <summary>
    /// Gives the other run, which started later, the time to release its lock. For a run that holds a lock.
    /// </summary>
    UntilGone,
}

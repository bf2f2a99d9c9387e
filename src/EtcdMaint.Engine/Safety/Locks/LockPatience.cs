namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>How a run takes the lock of another one.</summary>
internal enum LockPatience
{
    /// <summary>Steps back at once.</summary>
    None,

    /// <summary>
    /// Watches it until it is known to be alive, dead, or gone. For a run that has written nothing yet.
    /// </summary>
    UntilKnown,

    /// <summary>Gives the other run, which came later, the time to step back. For a run that holds a lock.</summary>
    UntilGone,
}

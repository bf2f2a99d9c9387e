namespace EtcdMaint;

/// <summary>How the defragmentation of one member ended.</summary>
public enum EtcdDefragStatus
{
    /// <summary>Done, and verified on the member.</summary>
    Defragmented,

    /// <summary>Left alone on purpose; <c>Reason</c> says why.</summary>
    Skipped,

    /// <summary>It would be defragmented (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>It was still not known to be over after twice the limit; the member may still be at work.</summary>
    TimedOut,

    /// <summary>It did not work; <c>Reason</c> says why.</summary>
    Failed,

    /// <summary>Never started, because an earlier step failed or the run was ended.</summary>
    NotAttempted,
}

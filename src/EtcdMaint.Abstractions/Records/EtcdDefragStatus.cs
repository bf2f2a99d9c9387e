namespace EtcdMaint;

/// <summary>The outcome of a defragmentation of one member.</summary>
public enum EtcdDefragStatus
{
    /// <summary>The member was defragmented, and the result was verified.</summary>
    Defragmented,

    /// <summary>The member was deliberately skipped; <c>Reason</c> gives the reason.</summary>
    Skipped,

    /// <summary>The member would be defragmented (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>
    /// After twice the time limit, the outcome was still unknown. The member may still be defragmenting.
    /// </summary>
    TimedOut,

    /// <summary>The defragmentation failed; <c>Reason</c> gives the reason.</summary>
    Failed,

    /// <summary>The defragmentation never started, because an earlier step failed or the run was ended.</summary>
    NotAttempted,
}

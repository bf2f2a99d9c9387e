namespace EtcdMaint;

/// <summary>The outcome of a compaction on one member.</summary>
public enum EtcdCompactionStatus
{
    /// <summary>The member has physically removed the history up to the revision.</summary>
    Compacted,

    /// <summary>The history had already been removed.</summary>
    AlreadyCompacted,

    /// <summary>The member was skipped; <c>Reason</c> gives the reason.</summary>
    Skipped,

    /// <summary>The member would be compacted (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>The removal of the history could not be verified; <c>Reason</c> gives the reason.</summary>
    Failed,

    /// <summary>The compaction was not attempted because an earlier step failed.</summary>
    NotAttempted,
}

namespace EtcdMaint;

/// <summary>How the compaction ended on one member.</summary>
public enum EtcdCompactionStatus
{
    /// <summary>The history up to the revision is physically gone on this member.</summary>
    Compacted,

    /// <summary>The history was gone before; nothing was left to do.</summary>
    AlreadyCompacted,

    /// <summary>This member was left out; <c>Reason</c> says why.</summary>
    Skipped,

    /// <summary>It would be compacted (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>It could not be shown that the history is gone; <c>Reason</c> says why.</summary>
    Failed,

    /// <summary>Nothing was tried because an earlier step failed.</summary>
    NotAttempted,
}

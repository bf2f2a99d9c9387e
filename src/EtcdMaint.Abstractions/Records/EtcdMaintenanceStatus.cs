namespace EtcdMaint;

/// <summary>How a maintenance run over one cluster, or one of its steps, ended.</summary>
public enum EtcdMaintenanceStatus
{
    /// <summary>It did what it was to do, and the cluster was found well afterwards.</summary>
    Succeeded,

    /// <summary>Nothing was worth doing, and nothing was touched.</summary>
    NothingToDo,

    /// <summary>It was left out on purpose; <c>Reason</c> says why.</summary>
    Skipped,

    /// <summary>It would be done (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>It failed; <c>Reason</c> says why.</summary>
    Failed,

    /// <summary>It was never started because something before it failed or the run was ended.</summary>
    NotAttempted,
}

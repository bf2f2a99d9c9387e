namespace EtcdMaint;

/// <summary>The outcome of a maintenance run in one cluster, or of one of its steps.</summary>
public enum EtcdMaintenanceStatus
{
    /// <summary>The run or step succeeded, and the cluster was healthy after it.</summary>
    Succeeded,

    /// <summary>No action was worthwhile, and nothing was changed.</summary>
    NothingToDo,

    /// <summary>The run or step was deliberately skipped; <c>Reason</c> gives the reason.</summary>
    Skipped,

    /// <summary>The run or step was only planned (<c>-WhatIf</c>).</summary>
    Planned,

    /// <summary>The run or step failed; <c>Reason</c> gives the reason.</summary>
    Failed,

    /// <summary>
    /// The run or step did not start or did not finish, because an earlier one failed, another run holds the lock of
    /// the cluster, or the run was ended. It can be repeated safely.
    /// </summary>
    NotAttempted,

    /// <summary>
    /// <c>Connect-EtcdCluster</c> could not connect to the cluster, so no run took place; <c>Reason</c> gives the
    /// reason.
    /// </summary>
    Unreachable,
}

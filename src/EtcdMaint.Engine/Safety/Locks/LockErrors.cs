namespace EtcdMaint.Engine.Safety.Locks;

internal static class LockErrors
{
    public static EtcdException Taken(string clusterName, string where, LockHolder? holder) =>
        new(
            ErrorIds.LockTaken,
            EtcdErrorCategory.ResourceBusy,
            $"{What(clusterName, holder)} ({where}): {holder?.ToString() ?? "its holder is unknown"}.",
            "Wait until it has ended. The lock of a run that crashed is released within seconds on its "
                + "machine and within minutes in the cluster. about_EtcdMaint_Safety describes how to remove it.",
            clusterName
        );

    /// <param name="clusterName">The cluster.</param>
    /// <param name="path">The lock file.</param>
    /// <param name="vouched">The process or user that holds or owns the file according to the operating system, or null
    /// if it does not report it.</param>
    /// <param name="holder">The holder that the file names, which any user may have written.</param>
    /// <param name="hasEnded">Whether the process of this holder has ended, so that another run holds the lock.</param>
    public static EtcdException TakenHere(
        string clusterName,
        string path,
        string? vouched,
        LockHolder? holder,
        bool hasEnded
    ) =>
        new(
            ErrorIds.LockTaken,
            EtcdErrorCategory.ResourceBusy,
            $"Another run on this machine is active on {clusterName} (lock file {path}{vouched}). The file "
                + $"names {holder?.ToString() ?? "no holder"}"
                + (hasEnded ? ", which has ended, so the holder of the lock is not known." : "."),
            "Wait until the process ends, which releases the lock. If the process is not a run of this "
                + "module, an administrator can end it. Do not delete the file while it is locked.",
            clusterName
        );

    /// <param name="clusterName">The cluster.</param>
    /// <param name="path">The lock file.</param>
    /// <param name="owner">The owner of the file according to the operating system, or null if it does not report
    /// it.</param>
    /// <param name="cause">The reason.</param>
    public static EtcdException Unusable(string clusterName, string path, string? owner, Exception cause) =>
        new(
            ErrorIds.LockFileUnusable,
            EtcdErrorCategory.SecurityError,
            $"The lock file {path} of {clusterName} cannot be used: {cause.Message.TrimEnd('.')}{owner}.",
            "Find out who created it. An administrator can delete it while no run is active on the "
                + "cluster. The next run creates it again.",
            path,
            cause
        );

    public static bool IsTaken(EtcdException refusal) => refusal.ErrorId == ErrorIds.LockTaken;

    public static bool IsLost(EtcdException refusal) => refusal.ErrorId == ErrorIds.LockLost;

    public static EtcdException Lost(string clusterName) =>
        new(
            ErrorIds.LockLost,
            EtcdErrorCategory.ResourceBusy,
            $"The lock of this run in {clusterName} no longer exists, so another run may be active.",
            "Run the command again when no other run is active.",
            clusterName
        );

    public static EtcdException Incomplete(string why) =>
        new(
            ErrorIds.LockIncomplete,
            EtcdErrorCategory.ResourceUnavailable,
            why,
            "Omit -RequireLock to continue without the lock."
        );

    private static string What(string clusterName, LockHolder? holder) =>
        holder?.Purpose is LockPurpose.Snapshot
            ? $"A snapshot of {clusterName} is being saved"
            : $"Another run is active on {clusterName}";
}

namespace EtcdMaint.Engine.Safety.Locks;

internal static class LockErrors
{
    public static EtcdException Taken(string clusterName, string where, LockHolder? holder) => new(
        ErrorIds.LockTaken,
        EtcdErrorCategory.ResourceBusy,
        $"{What(clusterName, holder)} ({where}): {holder?.ToString() ?? "its holder is not known"}.",
        "Wait until it has ended. The lock of a run that died is free within seconds on its own machine, and in the cluster within minutes; about_EtcdMaint_Safety says how to remove it by hand.",
        clusterName);

    /// <param name="clusterName">The cluster.</param>
    /// <param name="path">The lock file.</param>
    /// <param name="vouched">Who holds it or owns it, as the operating system reports it; null where it does not.</param>
    /// <param name="holder">The holder that the file names, which any user may have written.</param>
    public static EtcdException TakenHere(string clusterName, string path, string? vouched, LockHolder? holder) => new(
        ErrorIds.LockTaken,
        EtcdErrorCategory.ResourceBusy,
        $"Another run on this machine is at work on {clusterName} (lock file {path}{vouched}). The file names {holder?.ToString() ?? "no holder"}.",
        "Wait until it has ended: the lock is free when its process ends. If that process is no run of this module, an administrator can end it; do not delete the file while it is held.",
        clusterName);

    /// <param name="clusterName">The cluster.</param>
    /// <param name="path">The lock file.</param>
    /// <param name="owner">Who owns it, as the operating system reports it; null where it does not.</param>
    /// <param name="cause">The reason.</param>
    public static EtcdException Unusable(string clusterName, string path, string? owner, Exception cause) => new(
        ErrorIds.LockFileUnusable,
        EtcdErrorCategory.SecurityError,
        $"The lock file {path} of {clusterName} cannot be used: {cause.Message.TrimEnd('.')}{owner}.",
        "Find out who put it there. An administrator can remove it while no run is at work on the cluster; the next run creates it again.",
        path,
        cause);

    public static bool IsTaken(EtcdException refusal) => refusal.ErrorId == ErrorIds.LockTaken;

    public static bool IsLost(EtcdException refusal) => refusal.ErrorId == ErrorIds.LockLost;

    public static EtcdException Lost(string clusterName) => new(
        ErrorIds.LockLost,
        EtcdErrorCategory.ResourceBusy,
        $"The lock of this run in {clusterName} is gone, so another run may have begun.",
        "Start again when no other run is at work.",
        clusterName);

    public static EtcdException Incomplete(string why) => new(
        ErrorIds.LockIncomplete,
        EtcdErrorCategory.ResourceUnavailable,
        why,
        "Leave -RequireLock out to go ahead without it.");

    private static string What(string clusterName, LockHolder? holder) => holder?.Purpose is LockPurpose.Snapshot
        ? $"A snapshot of {clusterName} is being saved"
        : $"Another run is at work on {clusterName}";
}

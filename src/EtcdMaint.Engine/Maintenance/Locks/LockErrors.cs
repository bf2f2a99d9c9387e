namespace EtcdMaint.Engine.Maintenance.Locks;

internal static class LockErrors
{
    public static EtcdException Taken(string clusterName, string where, LockHolder? holder) => new(
        "LockTaken",
        EtcdErrorCategory.ResourceBusy,
        $"Another run is at work on {clusterName} ({where}): {holder?.ToString() ?? "its holder is not known"}.",
        "Wait until it has ended. A lock whose holder died is free again within seconds on its own machine, and when its lease has expired in the cluster.",
        clusterName);

    public static EtcdException Lost(string clusterName) => new(
        "LockLost",
        EtcdErrorCategory.ResourceBusy,
        $"The lock of this run in {clusterName} is gone, so another run may have begun.",
        "Start again when no other run is at work.",
        clusterName);

    public static EtcdException Incomplete(string why) => new(
        "LockIncomplete",
        EtcdErrorCategory.ResourceUnavailable,
        why,
        "Leave -RequireLock out to go ahead without it.");
}

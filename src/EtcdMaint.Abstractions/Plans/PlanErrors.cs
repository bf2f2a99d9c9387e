namespace EtcdMaint.Plans;

/// <summary>The errors of plans and of their files. The IDs never change.</summary>
internal static class PlanErrors
{
    /// <param name="path">The file.</param>
    /// <param name="why">The reason, as the rest of a sentence.</param>
    /// <param name="cause">The exception that shows it; null if there is none.</param>
    public static EtcdException Damaged(string path, string why, Exception? cause = null) =>
        new(
            ErrorIds.PlanDamaged,
            EtcdErrorCategory.InvalidData,
            $"The plan {path} cannot be used, because {why}.",
            "Use the JSON file that was approved, without any change, or make a new plan with "
                + "New-EtcdMaintenancePlan.",
            path,
            cause
        );

    public static EtcdException NotFound(string path) =>
        new(
            ErrorIds.PlanNotFound,
            EtcdErrorCategory.ObjectNotFound,
            $"The plan {path} does not exist.",
            "Specify the path of the JSON file that New-EtcdMaintenancePlan wrote.",
            path
        );

    public static EtcdException Unreadable(string path, Exception cause) =>
        new(
            ErrorIds.PlanUnreadable,
            EtcdErrorCategory.ReadError,
            $"The plan {path} cannot be read: {cause.Message.TrimEnd('.')}.",
            "Check the path, and the permissions of the file and its folder.",
            path,
            cause
        );

    /// <param name="what">The difference, as the rest of a sentence.</param>
    /// <param name="clusterName">The cluster.</param>
    public static EtcdException Outdated(string what, string clusterName) =>
        new(
            ErrorIds.PlanOutdated,
            EtcdErrorCategory.InvalidOperation,
            $"The plan for {clusterName} is outdated, and nothing was changed: {what}.",
            "Make a new plan for this cluster with New-EtcdMaintenancePlan.",
            clusterName
        );
}

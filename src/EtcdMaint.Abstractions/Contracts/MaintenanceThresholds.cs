namespace EtcdMaint;

/// <summary>
/// The thresholds from which <c>Invoke-EtcdMaintenance</c> acts by default. A forecast uses them to tell when it will.
/// </summary>
internal static class MaintenanceThresholds
{
    /// <summary>Free share of a file from which it is defragmented.</summary>
    public const double MinimumFragmentationRatio = 0.45;

    /// <summary>Free bytes of a file from which it is defragmented.</summary>
    public const long MinimumFreeBytes = 100 * 1024 * 1024;

    /// <summary>
    /// Share of the quota from which the file is reported and maintenance is due. The alert of etcd fires at 0.95,
    /// those of OpenShift at 0.75 and 0.85 (etcd: contrib/mixin/alerts).
    /// </summary>
    public const double NearQuota = 0.8;

    /// <summary>
    /// Revisions beyond the kept ones from which a compaction is due. With values of 1 kB, they take about 5 MB.
    /// </summary>
    public const long LongHistory = 5_000;

    /// <summary>
    /// History that a cluster may have by its own configuration. One hour is the retention that etcd's
    /// documentation shows for its automatic compaction (etcd: maintenance guide).
    /// </summary>
    public static readonly TimeSpan UsualHistory = TimeSpan.FromHours(1);
}

using EtcdMaint.SizeHistory;

namespace EtcdMaint.Forecasts;

/// <summary>
/// Tells when <c>Invoke-EtcdMaintenance</c> with its default thresholds will have something to do: by the free pages of
/// a member, by the share of its quota, or by the history that no other client compacts.
/// </summary>
internal static class NextRunEstimator
{
    /// <summary>Days between two times for which the sizes are computed.</summary>
    private const double Step = 0.25;

    /// <summary>Days of samples that show the usual data in use.</summary>
    private const double RecentDays = 3;

    /// <summary>Returns the days from the newest sample of the member; null if no threshold is reached.</summary>
    public static double? BySizes(MemberForecast member, double horizon)
    {
        SizePoint[] file = member.Series.File;
        SizePoint[] inUse = member.Series.InUse;
        if (IsDue(file[^1].Bytes, inUse[^1].Bytes, member.Series.QuotaBytes))
            return 0;
        if (!member.File.IsKnown && !member.LiveData.IsKnown)
            return null;
        double usual = RobustLine.Median(inUse.Where(point => point.Day >= -RecentDays).Select(point => point.Bytes));
        for (double day = Step; day <= horizon; day += Step)
        {
            double grown = file[^1].Bytes + (member.File.Slope * day);
            double size = Math.Max(grown, member.LiveData.At(day));
            double used = Math.Min(size, usual + (member.LiveData.Slope * day));
            if (IsDue(size, used, member.Series.QuotaBytes))
                return day;
        }
        return null;
    }

    /// <summary>
    /// Returns when the history becomes long; null if somebody else compacts, or if the lines do not tell.
    /// </summary>
    /// <param name="records">The lines in order of time.</param>
    /// <param name="writesPerDay">The revisions per day.</param>
    public static DateTimeOffset? ByHistory(IReadOnlyList<HistoryRecord> records, double? writesPerDay)
    {
        HistoryRecord[] runs =
        [
            .. records.Where(record => record is { CompactRevision: not null, Revision: not null }),
        ];
        if (runs is not [.., var before, var last] || writesPerDay is not > 0)
            return null;
        long compacted = (last.CompactRevisionAfter ?? last.CompactRevision)!.Value;
        double limit =
            MaintenanceThresholds.LongHistory
            + Math.Max(
                MaintenanceRequest.DefaultKeepRevisions,
                writesPerDay.Value * MaintenanceThresholds.UsualHistory.TotalDays
            );
        double length = last.Revision!.Value - compacted;
        bool isCompactedElsewhere = last.CompactRevision > (before.CompactRevisionAfter ?? before.CompactRevision);
        if (length < limit && isCompactedElsewhere)
            return null;
        return (last.EndedAt ?? last.StartedAt).AddDays(Math.Max(0, limit - length) / writesPerDay.Value);
    }

    private static bool IsDue(double size, double used, long? quota) =>
        size >= MaintenanceThresholds.NearQuota * quota
        || (
            size - used >= MaintenanceThresholds.MinimumFreeBytes
            && size - used >= MaintenanceThresholds.MinimumFragmentationRatio * size
        );
}

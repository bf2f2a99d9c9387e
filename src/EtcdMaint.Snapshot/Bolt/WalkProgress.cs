namespace EtcdMaint.Snapshot.Bolt;

/// <summary>Reports the completed fraction, at most once for each percent.</summary>
/// <param name="pages">The number of pages of the database.</param>
/// <param name="otherHalf">The completed fraction of the work beside the walk, which counts as much; null if there is
/// none.</param>
/// <param name="progress">Receives the fraction.</param>
internal sealed class WalkProgress(ulong pages, Func<double>? otherHalf, IProgress<double>? progress)
{
    private const double Step = 0.01;

    private long _done;
    private double _reported;

    public void AddPages(long count)
    {
        _done += count;
        if (progress is not null)
            ReportIfDue();
    }

    /// <summary>All pages that are in use have been visited; free pages are not.</summary>
    public void EndWalk()
    {
        _done = (long)pages;
        ReportIfDue();
    }

    public void ReportIfDue()
    {
        double walked = pages == 0 ? 1 : Math.Min(1, _done / (double)pages);
        double fraction = otherHalf is null ? walked : (walked + otherHalf()) / 2;
        if (fraction < _reported + Step && fraction < 1 || fraction <= _reported)
            return;
        _reported = fraction;
        progress?.Report(fraction);
    }
}

using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// How long a member will stand still. The copy walks every live key, so the time follows the bytes in use, not the
/// size of the file: 0.05 s plus 2.5 to 10 s for each GB, as measured by many (etcd, server/storage/backend/metrics.go,
/// reckons with about 10). Starts with the slow end and learns from the members that are done.
/// </summary>
internal sealed class DefragDurationEstimator
{
    private double? _learned;

    public TimeSpan Predict(long bytesInUse) =>
        Limits.Defrag.BaseDuration + TimeSpan.FromSeconds((_learned ?? Limits.Defrag.SlowSecondsPerByte) * bytesInUse);

    /// <summary>How long a defragmentation may take before its state counts as unknown. It does not learn.</summary>
    public static TimeSpan Limit(long bytesInUse)
    {
        TimeSpan generous =
            3 * (Limits.Defrag.BaseDuration + TimeSpan.FromSeconds(Limits.Defrag.SlowSecondsPerByte * bytesInUse));
        return generous > Limits.Defrag.ShortestTime ? generous : Limits.Defrag.ShortestTime;
    }

    /// <summary>
    /// The slowest member so far speaks for the rest: a pause announced too short is the worse mistake.
    /// </summary>
    public void Learn(long bytesInUse, TimeSpan took)
    {
        // Below this the fixed cost drowns the rate.
        if (bytesInUse < 1_000_000)
            return;
        double rate = Math.Max(0, (took - Limits.Defrag.BaseDuration).TotalSeconds) / bytesInUse;
        _learned = Math.Max(_learned ?? 0, rate);
    }
}

using EtcdMaint.Engine.Safety;

namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>
/// Predicts how long a member will be unavailable. The copy reads every live key, so the time depends on the bytes in
/// use and not on the size of the file: 0.05 s plus 2.5 to 10 s per GB, according to several reports (etcd,
/// server/storage/backend/metrics.go, expects about 10). It starts with the slow value and learns from the members that
/// are finished.
/// </summary>
internal sealed class DefragDurationEstimator
{
    private double? _learned;

    public TimeSpan Predict(long bytesInUse) =>
        Limits.Defrag.BaseDuration + TimeSpan.FromSeconds((_learned ?? Limits.Defrag.SlowSecondsPerByte) * bytesInUse);

    /// <summary>
    /// A defragmentation that does not block copies the same bytes. It blocks the member only while it copies the
    /// changes since its start and replaces the file. [inferred] No figures have been published, so the pause is the
    /// part that does not depend on the size.
    /// </summary>
    public DefragPrediction Predict(long bytesInUse, bool isNonBlocking)
    {
        TimeSpan duration = Predict(bytesInUse);
        return new DefragPrediction(duration, isNonBlocking ? Limits.Defrag.BaseDuration : duration, isNonBlocking);
    }

    /// <summary>
    /// Returns how long a defragmentation may take before its state counts as unknown. It does not learn.
    /// </summary>
    public static TimeSpan Limit(long bytesInUse)
    {
        TimeSpan generous =
            Limits.Defrag.TimeLimitFactor
            * (Limits.Defrag.BaseDuration + TimeSpan.FromSeconds(Limits.Defrag.SlowSecondsPerByte * bytesInUse));
        return generous > Limits.Defrag.ShortestTime ? generous : Limits.Defrag.ShortestTime;
    }

    /// <summary>Learns the slowest rate so far, because a prediction that is too short is the worse mistake.</summary>
    /// <param name="bytesInUse">The bytes in use before.</param>
    /// <param name="took">The duration that the member has measured. The time that the caller waited also contains the
    /// delays of the access, so it is only the second choice.</param>
    public void Learn(long bytesInUse, TimeSpan took)
    {
        if (bytesInUse < Limits.Defrag.LearnableBytes)
            return;
        double rate = Math.Max(0, (took - Limits.Defrag.BaseDuration).TotalSeconds) / bytesInUse;
        _learned = Math.Max(_learned ?? 0, rate);
    }
}

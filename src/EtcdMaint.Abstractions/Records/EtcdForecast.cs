namespace EtcdMaint;

/// <summary>
/// When a cluster reaches its quota, and when its next maintenance is due, by the samples of its history. The member
/// that reaches its quota first decides.
/// </summary>
public sealed class EtcdForecast
{
    /// <summary>The name of the cluster in the history.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the cluster, in lower-case hexadecimal.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the member that decides, in lower-case hexadecimal.</summary>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the member that decides.</summary>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>How the data of the member grew.</summary>
    public EtcdGrowthPattern Pattern { get; internal init; }

    /// <summary>
    /// The days from the newest sample until the file of the member reaches its quota, if it is not defragmented
    /// before. Null if this does not happen within the horizon, or cannot be determined.
    /// </summary>
    public double? DaysToQuotaByFile { get; internal init; }

    /// <summary>
    /// The start of the interval that contains <see cref="DaysToQuotaByFile"/> in about 80 % of the cases.
    /// </summary>
    public double? DaysToQuotaByFileMinimum { get; internal init; }

    /// <summary>The end of this interval; null if it has no end.</summary>
    public double? DaysToQuotaByFileMaximum { get; internal init; }

    /// <summary>
    /// The days from the newest sample until the data in use reaches the quota. No defragmentation helps then. Null if
    /// this does not happen within the horizon, or cannot be determined.
    /// </summary>
    public double? DaysToQuotaByLiveData { get; internal init; }

    /// <summary>
    /// The start of the interval that contains <see cref="DaysToQuotaByLiveData"/> in about 80 % of the cases.
    /// </summary>
    public double? DaysToQuotaByLiveDataMinimum { get; internal init; }

    /// <summary>The end of this interval; null if it has no end.</summary>
    public double? DaysToQuotaByLiveDataMaximum { get; internal init; }

    /// <summary>
    /// When a member reaches the default thresholds of <c>Invoke-EtcdMaintenance</c>; the time of the newest sample if
    /// one has reached them. Null if this does not happen within the horizon, or cannot be determined.
    /// </summary>
    public DateTimeOffset? NextRunDue { get; internal init; }

    /// <summary>Why there is no forecast by the file or by the live data; null if there are both.</summary>
    public string? Reason
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The size of the file in the newest sample, in bytes.</summary>
    public long DbSize { get; internal init; }

    /// <summary>The bytes of the file that hold data in the newest sample.</summary>
    public long DbSizeInUse { get; internal init; }

    /// <summary>The newest known quota, in bytes; null if it is unknown.</summary>
    public long? QuotaBytes { get; internal init; }

    /// <summary>The growth of the file in bytes per day; null if it cannot be determined.</summary>
    public double? FileGrowthBytesPerDay { get; internal init; }

    /// <summary>The growth of the data in use in bytes per day; null if it cannot be determined.</summary>
    public double? LiveDataGrowthBytesPerDay { get; internal init; }

    /// <summary>The revisions per day of the last 30 days; null if they are unknown.</summary>
    public double? WritesPerDay { get; internal init; }

    /// <summary>The number of samples of the member.</summary>
    public int SampleCount { get; internal init; }

    /// <summary>The time of the first sample.</summary>
    public DateTimeOffset FirstSampleAt { get; internal init; }

    /// <summary>The time of the newest sample.</summary>
    public DateTimeOffset LastSampleAt { get; internal init; }

    /// <summary>The cluster and the days by file and by live data.</summary>
    public override string ToString() => $"{ClusterName}: {Pattern}";
}

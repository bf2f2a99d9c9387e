namespace EtcdMaint;

/// <summary>The result of a health check of one cluster.</summary>
public sealed class EtcdHealthReport
{
    /// <summary>The name of the cluster in the connection.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The ID of the cluster, in lower-case hexadecimal; empty if no member answered.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>Whether the check found no error. Warnings do not count.</summary>
    public bool IsHealthy => !Finding.Any(f => f.Severity is EtcdFindingSeverity.Error);

    /// <summary>The findings, the most severe first.</summary>
    public EtcdList<EtcdFinding> Finding { get; internal init; } = [];

    /// <summary>The status of the members.</summary>
    public EtcdList<EtcdMemberStatus> MemberStatus { get; internal init; } = [];

    /// <summary>The hashes of the voters at the compacted revision; empty if they could not be compared.</summary>
    public EtcdList<EtcdMemberHash> Hash { get; internal init; } = [];

    /// <summary>
    /// The largest resources with their estimated bytes, the largest first, if a finding says that the database is too
    /// large. Otherwise it is empty, and also if they could not be read.
    /// </summary>
    public EtcdList<EtcdSpaceUsage> LargestResource { get; internal init; } = [];

    /// <summary>
    /// The revision up to which history is compacted; null if it is unknown, 0 if there was no compaction.
    /// </summary>
    public long? CompactedRevision { get; internal init; }

    /// <summary>The history and who compacts it; null if it could not be read.</summary>
    internal ClusterHistory? History { get; init; }

    /// <summary>The time at which the check began.</summary>
    public DateTimeOffset CheckedAt { get; internal init; }

    /// <summary>Healthy, or the most severe finding.</summary>
    public override string ToString() => $"{ClusterName}: {(IsHealthy ? "healthy" : Finding[0].ToString())}";
}

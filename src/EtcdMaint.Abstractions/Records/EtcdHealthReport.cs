namespace EtcdMaint;

/// <summary>What a health check of one cluster came to.</summary>
public sealed class EtcdHealthReport
{
    /// <summary>The name the connection gave the cluster.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The cluster's ID, lower-case hexadecimal; empty when nobody answered.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>Whether nothing was found that is trouble already.</summary>
    public bool IsHealthy => !Array.Exists(Finding, f => f.Severity is EtcdFindingSeverity.Error);

    /// <summary>What was found, the gravest first.</summary>
    public EtcdFinding[] Finding { get; internal init; } = [];

    /// <summary>The members as they were found.</summary>
    public EtcdMemberStatus[] MemberStatus { get; internal init; } = [];

    /// <summary>The voters' hashes at the compacted revision; empty where they could not be compared.</summary>
    public EtcdMemberHash[] Hash { get; internal init; } = [];

    /// <summary>
    /// The revision up to which history is compacted; null when it is not known, 0 when it never was.
    /// </summary>
    public long? CompactedRevision { get; internal init; }

    /// <summary>When the check began.</summary>
    public DateTimeOffset CheckedAt { get; internal init; }

    /// <summary>Healthy, or the gravest finding.</summary>
    public override string ToString() => $"{ClusterName}: {(IsHealthy ? "healthy" : Finding[0].ToString())}";
}

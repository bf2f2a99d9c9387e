namespace EtcdMaint;

/// <summary>One result of a check.</summary>
public sealed record EtcdFinding
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

    /// <summary>
    /// The ID of the member that the finding concerns, in lower-case hexadecimal; null if it concerns the whole
    /// cluster.
    /// </summary>
    public string? MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The name of the member that the finding concerns; null if it concerns the whole cluster.</summary>
    public string? MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The ID of the finding, which scripts can match, for example <c>NoSpaceArmed</c>.</summary>
    public string FindingId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The severity of the finding.</summary>
    public EtcdFindingSeverity Severity { get; internal init; }

    /// <summary>A description in one sentence.</summary>
    public string Message
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The recommended action.</summary>
    public string? RecommendedAction
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The page that describes the condition, for example an issue of etcd; null if there is none.</summary>
    public string? Source
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The point of an upgrade that was not checked; null if the finding is another one.</summary>
    internal EtcdUpgradeCheck? NotChecked { get; init; }

    /// <summary>The gate of the finding; null if it has none.</summary>
    internal GateId? Gate { get; init; }

    /// <summary>Whether the condition can end without an operator, and how long that takes.</summary>
    internal GateWait Wait { get; init; }

    /// <summary>The ID and the description.</summary>
    public override string ToString() => $"{FindingId}: {Message}";
}

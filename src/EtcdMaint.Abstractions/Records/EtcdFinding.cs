namespace EtcdMaint;

/// <summary>One thing that a health check found.</summary>
public sealed record EtcdFinding
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

    /// <summary>ID of the member that it concerns, lower-case hexadecimal; null when it is the whole cluster.</summary>
    public string? MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The member that it concerns; null when it is the whole cluster.</summary>
    public string? MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>What it is, in one word that scripts can match, for example <c>NoSpaceArmed</c>.</summary>
    public string FindingId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>How much it matters.</summary>
    public EtcdFindingSeverity Severity { get; internal init; }

    /// <summary>One sentence for people.</summary>
    public string Message
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The gate that it is about; null when it is about none.</summary>
    internal GateId? Gate { get; init; }

    /// <summary>How long the condition can take to end by itself.</summary>
    internal GateWait Wait { get; init; }

    /// <summary>The finding's ID and sentence.</summary>
    public override string ToString() => $"{FindingId}: {Message}";
}

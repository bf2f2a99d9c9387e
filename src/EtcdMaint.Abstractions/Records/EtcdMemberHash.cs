namespace EtcdMaint;

/// <summary>
/// A hash over a member's data. Two are comparable only where <see cref="Revision"/> and <see cref="CompactRevision"/>
/// are the same.
/// </summary>
public sealed class EtcdMemberHash
{
    /// <summary>The name the connection gave the cluster.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The cluster's ID, lower-case hexadecimal.</summary>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The member's ID, lower-case hexadecimal.</summary>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The member's name.</summary>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The revision up to which it was taken.</summary>
    public long Revision { get; internal init; }

    /// <summary>The compaction that the hash starts from; -1 when there was none before.</summary>
    public long CompactRevision { get; internal init; }

    /// <summary>The hash, eight hexadecimal digits.</summary>
    public string Hash
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>Member and hash.</summary>
    public override string ToString() => $"{MemberName} {Hash}";
}

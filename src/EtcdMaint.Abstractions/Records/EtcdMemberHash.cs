namespace EtcdMaint;

/// <summary>
/// A hash of the data of a member. Two hashes are comparable only if their <see cref="Revision"/> and <see
/// cref="CompactRevision"/> are equal.
/// </summary>
public sealed class EtcdMemberHash
{
    /// <summary>The name of the cluster in the connection.</summary>
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

    /// <summary>The ID of the member, in lower-case hexadecimal.</summary>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the member.</summary>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The revision up to which the hash was computed.</summary>
    public long Revision { get; internal init; }

    /// <summary>The compacted revision from which the hash starts; -1 if there was no compaction before.</summary>
    public long CompactRevision { get; internal init; }

    /// <summary>The hash, as eight hexadecimal digits.</summary>
    public string Hash
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The member and the hash.</summary>
    public override string ToString() => $"{MemberName} {Hash}";
}

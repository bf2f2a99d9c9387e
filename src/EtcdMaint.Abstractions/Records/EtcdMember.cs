using System.Runtime.CompilerServices;

namespace EtcdMaint;

/// <summary>A member of a cluster, with the endpoint that answers with its ID.</summary>
public sealed class EtcdMember : IEtcdMemberRecord
{
    /// <inheritdoc/>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <inheritdoc/>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// The endpoint at which this member was reached; null if no endpoint that was tried answers with its ID.
    /// </summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The client URLs that the member advertises. They may not be reachable from this machine.</summary>
    public EtcdList<string> ClientUrl
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>The peer URLs, at which the other members reach this member.</summary>
    public EtcdList<string> PeerUrl
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>
    /// Whether the member is a learner. A learner has no vote and cannot be defragmented while it is running.
    /// </summary>
    public bool IsLearner { get; internal init; }

    /// <summary>The pod of the member, if the connection uses Kubernetes.</summary>
    public string? PodName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The node of the member, if it is known.</summary>
    public string? NodeName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    EtcdMember IEtcdMemberRecord.Member => this;

    /// <summary>
    /// The names of all members of the cluster. The views remove what these names share if there is too little space.
    /// </summary>
    internal IReadOnlyList<string> AllNames { get; init; } = [];

    /// <summary>
    /// The endpoints of all members of the cluster. All rows of a view have the width that the longest one needs.
    /// </summary>
    internal IReadOnlyList<string> AllEndpoints { get; init; } = [];

    /// <summary>The connection over which the member was read.</summary>
    internal EtcdConnection? Connection { get; init; }

    /// <summary>
    /// Whether the member is part of a plan: a step that only planned emitted it, or read it for a plan. Every object
    /// with this member then belongs to the plan, also the row of a member that was skipped.
    /// </summary>
    internal bool IsPlanned { get; private set; }

    internal ulong Id => HexId.TryParse(MemberId, out ulong id) ? id : 0;

    /// <summary>
    /// Returns the same member as part of a plan. This object does not change, because it can also be used outside the
    /// plan.
    /// </summary>
    internal EtcdMember AsPlanned(bool isPlanned)
    {
        if (!isPlanned || IsPlanned)
            return this;
        var planned = (EtcdMember)MemberwiseClone();
        planned.IsPlanned = true;
        return planned;
    }

    /// <summary>
    /// Whether this is the same object, or the text is the name or the ID of this member. Scripts can therefore compare
    /// a member with its name: <c>Where-Object Member -eq etcd-1</c>. PowerShell compares with this method if the
    /// member is on the left, and with <see cref="ToString"/> if it is on the right.
    /// </summary>
    /// <param name="obj">The other member, or a name or an ID.</param>
    public override bool Equals(object? obj) =>
        ReferenceEquals(this, obj)
        || (
            obj is string text
            && (
                text.Equals(ToString(), StringComparison.OrdinalIgnoreCase)
                || text.Equals(MemberId, StringComparison.OrdinalIgnoreCase)
            )
        );

    /// <summary>The hash code of this object.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The name of the member, or its ID if it has no name yet.</summary>
    public override string ToString() => MemberName.Length > 0 ? MemberName : MemberId;
}

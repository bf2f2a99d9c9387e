namespace EtcdMaint;

/// <summary>A member of a cluster, matched to the endpoint that really answers for it.</summary>
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

    /// <summary>Where this member was reached; null when nothing that was tried answers with its ID.</summary>
    public string? Endpoint
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The client URLs that the member advertises; not necessarily reachable from here.</summary>
    public string[] ClientUrl
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>The URLs at which the other members reach it.</summary>
    public string[] PeerUrl
    {
        get;
        internal init => field = PlainText.Of(value);
    } = [];

    /// <summary>Whether it is a learner: a member without a vote, which cannot be defragmented while it runs.</summary>
    public bool IsLearner { get; internal init; }

    /// <summary>The pod that it runs in, when reached through Kubernetes.</summary>
    public string? PodName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The node that it runs on, when known.</summary>
    public string? NodeName
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    EtcdMember IEtcdMemberRecord.Member => this;

    /// <summary>The connection that it was read over.</summary>
    internal EtcdConnection? Connection { get; init; }

    /// <summary>
    /// Whether a step that only planned gave it, or read it for one: whatever carries this member belongs to the plan,
    /// also a row whose member was left alone.
    /// </summary>
    internal bool IsPlanned { get; private set; }

    internal ulong Id => HexId.TryParse(MemberId, out ulong id) ? id : 0;

    /// <summary>
    /// The same member as part of a plan; the one at hand is not touched, for it may be used for more than the plan.
    /// </summary>
    internal EtcdMember AsPlanned(bool isPlanned)
    {
        if (!isPlanned || IsPlanned)
            return this;
        var planned = (EtcdMember)MemberwiseClone();
        planned.IsPlanned = true;
        return planned;
    }

    /// <summary>The member's name, or its ID while it has none.</summary>
    public override string ToString() => MemberName.Length > 0 ? MemberName : MemberId;
}

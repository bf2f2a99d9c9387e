namespace EtcdMaint;

/// <summary>A leader-election lease of Kubernetes that its holder lost during a run.</summary>
public sealed record EtcdLostLease
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

    /// <summary>The ID of the member that was being defragmented, in lower-case hexadecimal.</summary>
    public string MemberId
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the member that was being defragmented.</summary>
    public string MemberName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The namespace of the lease in Kubernetes.</summary>
    public string Namespace
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The name of the lease, for example <c>kube-scheduler</c>.</summary>
    public string Name
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The process that lost the lease.</summary>
    public string Holder
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// The process that holds the lease now; null if the lease was released. It is the previous holder if that process
    /// has acquired the lease again.
    /// </summary>
    public string? NewHolder
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The number of times that the lease went from one holder to another, after the loss.</summary>
    public int Transitions { get; internal init; }

    /// <summary>Who holds the lease now, as the end of a sentence.</summary>
    internal string Now =>
        NewHolder is null ? "released"
        : NewHolder == Holder ? "acquired again"
        : $"now held by {NewHolder}";

    /// <summary>The lease, the process that lost it, and who holds it now.</summary>
    public override string ToString() => $"{Namespace}/{Name} (lost by {Holder}, {Now})";
}

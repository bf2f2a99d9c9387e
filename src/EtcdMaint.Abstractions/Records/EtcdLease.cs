namespace EtcdMaint;

/// <summary>A leader-election lease of Kubernetes, as it is stored in etcd.</summary>
public sealed record EtcdLease
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

    /// <summary>The process that holds the lease; null if the lease was released.</summary>
    public string? Holder
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The number of times that the lease went from one holder to another.</summary>
    public int Transitions { get; internal init; }

    /// <summary>The last renewal, by the clock of the holder; null if there was none.</summary>
    public DateTimeOffset? RenewedAt { get; internal init; }

    /// <summary>The namespace, the name and the holder.</summary>
    public override string ToString() => Holder is null ? $"{Namespace}/{Name}" : $"{Namespace}/{Name} ({Holder})";
}

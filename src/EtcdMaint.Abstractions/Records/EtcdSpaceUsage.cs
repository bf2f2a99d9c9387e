namespace EtcdMaint;

/// <summary>
/// The keys under one prefix: how many there are, how many bytes they and their newest values take, who writes them,
/// and how much history they have. Unknown values are null.
/// </summary>
public sealed record EtcdSpaceUsage
{
    /// <summary>The name of the cluster in the connection, or the name of the snapshot file.</summary>
    public string ClusterName
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>
    /// The ID of the cluster, in lower-case hexadecimal; null for a snapshot file, which does not contain it.
    /// </summary>
    public string? ClusterId
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>
    /// The prefix of the keys. Keys that a longer prefix of the same output contains are not counted here.
    /// </summary>
    public string Prefix
    {
        get;
        internal init => field = PlainText.Of(value);
    } = "";

    /// <summary>The resource of Kubernetes, for example <c>deployments.apps</c>; null outside Kubernetes.</summary>
    public string? Resource
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>
    /// The namespace of Kubernetes; null for resources without one, and if resources are not divided by namespace.
    /// </summary>
    public string? Namespace
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The number of keys.</summary>
    public long KeyCount { get; internal init; }

    /// <summary>
    /// The bytes of the keys and their newest values. History and free pages are not included. It is null if only keys
    /// were counted.
    /// </summary>
    public long? Bytes { get; internal init; }

    /// <summary>
    /// Whether every value was measured. Otherwise <see cref="Bytes"/> is an estimate, or only a part of a snapshot
    /// file was read.
    /// </summary>
    public bool BytesAreExact { get; internal init; }

    /// <summary>
    /// The half width of the 95 % confidence interval of <see cref="Bytes"/>, as a ratio of it: 0.03 means 3 % more or
    /// less. It is 0 if every value was measured, and null if too few values were measured to tell.
    /// </summary>
    public double? BytesErrorRatio { get; internal init; }

    /// <summary>The average bytes of a key with its value.</summary>
    public long? AverageBytes => KeyCount > 0 ? Bytes / KeyCount : null;

    /// <summary>The measured key that takes most bytes; null if none was measured.</summary>
    public string? LargestKey
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The bytes of <see cref="LargestKey"/> with its value.</summary>
    public long? LargestBytes { get; internal init; }

    /// <summary>
    /// The share of all bytes that were found in the cluster, from 0 to 1; of all keys if only keys were counted.
    /// </summary>
    public double? Share { get; internal init; }

    /// <summary>The writes and deletions per second while the keys were watched; null if they were not.</summary>
    public double? WritesPerSecond { get; internal init; }

    /// <summary>The bytes of keys and values that were written per second while the keys were watched.</summary>
    public double? BytesWrittenPerSecond { get; internal init; }

    /// <summary>
    /// The number of revisions that the snapshot file contains: the newest one of each key, those that later ones
    /// replaced, and deletions. It is null for a cluster.
    /// </summary>
    public long? Revisions { get; internal init; }

    /// <summary>
    /// The bytes of the keys and values of history: revisions that later ones replaced, and deletions. A compaction to
    /// the newest revision removes them. It is null for a cluster.
    /// </summary>
    public long? DeadBytes { get; internal init; }

    /// <summary>The kubectl line that shows such objects, for resources of Kubernetes. Nothing runs it.</summary>
    public string? Command
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The full path of the snapshot file from which the row was read; null for a cluster.</summary>
    public string? SnapshotPath
    {
        get;
        internal init => field = PlainText.Of(value);
    }

    /// <summary>The resource with its namespace, or the prefix.</summary>
    public override string ToString() =>
        Resource is null ? Prefix
        : Namespace is null ? Resource
        : $"{Resource} in {Namespace}";
}

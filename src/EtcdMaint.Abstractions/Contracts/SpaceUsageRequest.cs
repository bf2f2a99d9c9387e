namespace EtcdMaint;

/// <summary>What to tell about the keys of a cluster.</summary>
internal sealed record SpaceUsageRequest
{
    /// <summary>The prefix of the keys; an empty string means all keys.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// By how many parts of their names keys are grouped. In the layout of Kubernetes, 1 is the resource and 2 the
    /// namespace, and elsewhere it is the number of path segments after the prefix. Null means 2 in Kubernetes and 1
    /// elsewhere.
    /// </summary>
    public int? Depth { get; init; }

    /// <summary>Whether to read no values.</summary>
    public bool CountOnly { get; init; }

    /// <summary>Whether to read every value.</summary>
    public bool Exact { get; init; }

    /// <summary>For how long to watch who writes; zero means not to watch.</summary>
    public TimeSpan SampleTime { get; init; }

    /// <summary>The largest number of bytes to read in a second, from all members together.</summary>
    public long MaximumBytesPerSecond { get; init; } = DefaultMaximumBytesPerSecond;

    public required TimeSpan CallTimeout { get; init; }

    /// <summary>
    /// The default of <see cref="MaximumBytesPerSecond"/>: a part of what one disk or network delivers.
    /// </summary>
    public const long DefaultMaximumBytesPerSecond = 32 * 1024 * 1024;
}

namespace EtcdMaint.TestCluster;

/// <summary>How a defragmentation ended according to the member's own log.</summary>
public enum DefragmentationEnd
{
    Finished,
    Failed,

    /// <summary>The log does not show its end: it is still running, or the member ended first.</summary>
    Unknown,
}

/// <summary>A defragmentation from the member's own log, from accepting the request to answering it.</summary>
/// <param name="Ended">Null if the log does not show it. If the member was killed meanwhile, the time of its next
/// start.</param>
public sealed record Defragmentation(
    string Member,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    DefragmentationEnd End
)
{
    /// <summary>Whether both ran at the same time; a defragmentation with an unknown end never ends here.</summary>
    public bool Overlaps(Defragmentation other) =>
        Started < (other.Ended ?? DateTimeOffset.MaxValue) && other.Started < (Ended ?? DateTimeOffset.MaxValue);

    public override string ToString() => $"{Member}: {Started:HH:mm:ss.fff} to {Ended:HH:mm:ss.fff}, {End}";
}

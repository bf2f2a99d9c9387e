namespace EtcdMaint.TestCluster;

/// <summary>How a defragmentation ended by the member's own account.</summary>
public enum DefragmentationEnd
{
    Finished,
    Failed,

    /// <summary>The log says nothing of its end: it still runs, or the member ended first.</summary>
    Unknown,
}

/// <summary>A defragmentation as the member itself logged it, from taking the request to answering it.</summary>
/// <param name="Ended">
/// Null if the log does not tell. Where the member was killed meanwhile, when it was started again.
/// </param>
public sealed record Defragmentation(
    string Member,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    DefragmentationEnd End
)
{
    /// <summary>Whether both ran at one time; one whose end is unknown never ends here.</summary>
    public bool Overlaps(Defragmentation other) =>
        Started < (other.Ended ?? DateTimeOffset.MaxValue) && other.Started < (Ended ?? DateTimeOffset.MaxValue);

    public override string ToString() => $"{Member}: {Started:HH:mm:ss.fff} to {Ended:HH:mm:ss.fff}, {End}";
}

namespace EtcdMaint;

/// <summary>The position in the raft log of a cluster when a member answered.</summary>
internal sealed record RaftPosition(ulong Term, ulong Index, long Revision)
{
    /// <summary>
    /// Whether this position can be a later one in the same log. The call that read it added an entry, and no figure
    /// ever decreases.
    /// </summary>
    public bool CanFollow(RaftPosition earlier) =>
        Term >= earlier.Term && Index > earlier.Index && Revision >= earlier.Revision;
}

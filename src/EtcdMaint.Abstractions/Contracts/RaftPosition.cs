namespace EtcdMaint;

/// <summary>How far the raft log of a cluster had come when a member answered.</summary>
internal sealed record RaftPosition(ulong Term, ulong Index, long Revision)
{
    /// <summary>
    /// Whether this position can be later in the same log: the call that read it added an entry of its own, and no
    /// figure ever goes back.
    /// </summary>
    public bool CanFollow(RaftPosition earlier) =>
        Term >= earlier.Term && Index > earlier.Index && Revision >= earlier.Revision;
}

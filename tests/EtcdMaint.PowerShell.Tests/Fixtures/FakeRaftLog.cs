namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>The length of the raft log of a cluster. Only the calls of a test extend it.</summary>
internal sealed class FakeRaftLog
{
    private long _index;

    /// <summary>Whether the cluster does not answer.</summary>
    public bool IsSilent { get; set; }

    public int Appended => (int)_index;

    public RaftPosition Append() =>
        IsSilent
            ? throw new EtcdException("EndpointTimeout", EtcdErrorCategory.OperationTimeout, "no answer")
            : new RaftPosition(2, (ulong)Interlocked.Increment(ref _index), 1);
}

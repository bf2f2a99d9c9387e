namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>How far the raft log of a cluster has come. Nothing but the calls of a test adds to it.</summary>
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

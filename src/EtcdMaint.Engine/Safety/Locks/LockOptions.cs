namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>What an operation wants of its locks.</summary>
internal sealed record LockOptions
{
    public LockPurpose Purpose { get; init; }

    /// <summary>Writes no lock to the cluster. The locks of other runs are read all the same.</summary>
    public bool SkipCluster { get; init; }

    /// <summary>Throws <c>LockIncomplete</c> where a lock cannot be taken, in place of a warning.</summary>
    public bool Require { get; init; }

    /// <summary>The folder for the lock of this machine; null for the one that all users share.</summary>
    public string? MachineFolder { get; init; }
}

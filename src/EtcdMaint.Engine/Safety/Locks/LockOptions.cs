namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>The lock options of an operation.</summary>
internal sealed record LockOptions
{
    public LockPurpose Purpose { get; init; }

    /// <summary>Whether no lock is written to the cluster. The locks of other runs are still read.</summary>
    public bool SkipCluster { get; init; }

    /// <summary>Whether <c>LockIncomplete</c> is thrown instead of a warning if a lock cannot be taken.</summary>
    public bool Require { get; init; }

    /// <summary>The folder of the lock file of this machine, or null for the folder that all users share.</summary>
    public string? MachineFolder { get; init; }
}

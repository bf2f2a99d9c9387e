namespace EtcdMaint;

/// <summary>
/// The cluster of a connection, as the cmdlets use it, with one method for each operation. An operation reports rows,
/// errors, warnings and progress to the observer immediately. A stop ends reads immediately. Work that must not be
/// interrupted ends at its next safe point.
/// </summary>
internal interface IEtcdCluster : IAsyncDisposable
{
    bool IsOpen { get; }

    Task<IReadOnlyList<EtcdMember>> GetMembersAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Sends a call through raft that changes no data, then reads the raft term and index from the same member.
    /// </summary>
    Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// Emits one row for each member, then an error for each member that did not answer. Null means all members.
    /// </summary>
    Task GetStatusAsync(
        IReadOnlyList<EtcdMember>? members,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    Task CompactAsync(CompactionRequest request, IRunObserver observer, CancellationToken cancellationToken);

    Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken cancellationToken);

    Task ClearAlarmsAsync(AlarmClearRequest request, IRunObserver observer, CancellationToken cancellationToken);

    /// <summary>Reports problems of the cluster as findings. It never throws because of them.</summary>
    Task<EtcdHealthReport> CheckHealthAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Tells what fills the database: emits a row for each group of keys, the largest first. After a cancellation, it
    /// emits what was found until then.
    /// </summary>
    Task GetSpaceUsageAsync(SpaceUsageRequest request, IRunObserver observer, CancellationToken cancellationToken);

    /// <summary>
    /// Transfers leadership to the given voter, or to the best one. Returns the status of the new leader, or null if
    /// the move was not confirmed.
    /// </summary>
    Task<EtcdMemberStatus?> MoveLeaderAsync(
        EtcdMember? to,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>Returns null if the snapshot was only planned or not confirmed.</summary>
    Task<EtcdSnapshot?> SaveSnapshotAsync(
        SnapshotRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Reads a snapshot file, and compares it with the members. Damage, another cluster and members that do not answer
    /// are findings.
    /// </summary>
    /// <exception cref="EtcdException">The file cannot be opened.</exception>
    Task<EtcdSnapshotReport> TestSnapshotAsync(
        SnapshotTestRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Checks whether the cluster can be upgraded to a release of etcd. It changes nothing. A cluster that cannot be
    /// reached is a finding.
    /// </summary>
    /// <exception cref="EtcdException">The snapshot file cannot be opened.</exception>
    Task<EtcdUpgradeReport> CheckUpgradeAsync(
        UpgradeCheckRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>Runs the whole runbook. Emits one report, then the errors that the report contains.</summary>
    Task MaintainAsync(MaintenanceRequest request, IRunObserver observer, CancellationToken cancellationToken);
}

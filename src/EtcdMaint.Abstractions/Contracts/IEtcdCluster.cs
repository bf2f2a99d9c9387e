namespace EtcdMaint;

/// <summary>
/// The cluster behind a connection, as the cmdlets see it: one method an operation. Rows, errors, warnings and progress
/// go to the observer as they come up. A stop ends reading at once, and work that must not be cut at the next safe
/// point.
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
    /// Sends a call through raft that changes no data, and reads from the same member how far raft has come then.
    /// </summary>
    Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Emits one row a member, then an error for each that did not answer. Null asks all members.</summary>
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

    /// <summary>Never throws for trouble of the cluster: that is what the report is for.</summary>
    Task<EtcdHealthReport> CheckHealthAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Hands leadership to the given voter, or the best one; the new leader's status. Null when it was not confirmed.
    /// </summary>
    Task<EtcdMemberStatus?> MoveLeaderAsync(
        EtcdMember? to,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>Null when it was only planned or not confirmed.</summary>
    Task<EtcdSnapshot?> SaveSnapshotAsync(
        SnapshotRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    );

    /// <summary>The whole runbook. Emits its one report, then the errors that it holds.</summary>
    Task MaintainAsync(MaintenanceRequest request, IRunObserver observer, CancellationToken cancellationToken);
}

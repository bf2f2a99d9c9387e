namespace EtcdMaint;

/// <summary>
/// The cluster behind a connection, as the cmdlets see it: one method an operation. Rows, errors, warnings and progress
/// go to the observer as they come up. A stop ends reading at once, and work that must not be cut at the next safe point.
/// </summary>
internal interface IEtcdCluster : IAsyncDisposable
{
    bool IsOpen { get; }

    Task<IReadOnlyList<EtcdMember>> GetMembersAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop);

    /// <summary>Emits one row a member, then an error for each that did not answer. Null asks all members.</summary>
    Task GetStatusAsync(IReadOnlyList<EtcdMember>? members, TimeSpan timeout, IRunObserver observer, CancellationToken stop);

    Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop);

    Task CompactAsync(CompactionRequest request, IRunObserver observer, CancellationToken stop);

    Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken stop);

    Task ClearAlarmsAsync(AlarmClearRequest request, IRunObserver observer, CancellationToken stop);
}

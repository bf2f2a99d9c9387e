namespace EtcdMaint.Engine.Tests.Runbook;

/// <summary>A cluster that simulates only the maintenance, for tests with many clusters.</summary>
internal sealed class ScriptedCluster : IEtcdCluster
{
    private static int _running;
    private static int _most;

    private readonly bool _fails;
    private readonly bool _breaks;
    private readonly bool _changes;

    public ScriptedCluster(string name, bool fails = false, bool breaks = false, bool changes = true)
    {
        (Name, _fails, _breaks, _changes) = (name, fails, breaks, changes);
        Connection = new EtcdConnection(name, EtcdAccess.Endpoint, [], null, this);
    }

    /// <summary>The largest number that ran at one time in this process.</summary>
    public static int MostAtOnce => _most;

    public string Name { get; }

    public EtcdConnection Connection { get; }

    public bool WasStarted { get; private set; }

    public Action OnStarted { get; init; } = () => { };

    /// <summary>The memory that a report retains.</summary>
    public int ReportBytes { get; init; }

    public bool IsOpen => true;

    public async Task MaintainAsync(MaintenanceRequest request, IRunObserver observer, CancellationToken stop)
    {
        int running = Interlocked.Increment(ref _running);
        _most = Math.Max(_most, running);
        WasStarted = true;
        OnStarted();
        await Task.Yield();
        Interlocked.Decrement(ref _running);
        if (_changes)
            await observer.ConfirmAsync("Compact", Name);
        if (_breaks)
            throw new InvalidOperationException("a simulated programming error");
        observer.Emit(
            new EtcdMaintenanceReport
            {
                ClusterName = Name,
                ClusterId = Connection.ClusterId ?? "",
                Ring = Connection.Ring,
                Status = _fails ? EtcdMaintenanceStatus.Failed : EtcdMaintenanceStatus.Succeeded,
                Reason = new string('x', ReportBytes / sizeof(char)),
                ChangeBegan = _changes,
            }
        );
    }

    public Task<EtcdUpgradeReport> CheckUpgradeAsync(
        UpgradeCheckRequest request,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task GetSpaceUsageAsync(SpaceUsageRequest request, IRunObserver observer, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<EtcdMember>> GetMembersAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task GetStatusAsync(
        IReadOnlyList<EtcdMember>? members,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task CompactAsync(CompactionRequest request, IRunObserver observer, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task ClearAlarmsAsync(AlarmClearRequest request, IRunObserver observer, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<EtcdHealthReport> CheckHealthAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<EtcdMemberStatus?> MoveLeaderAsync(
        EtcdMember? to,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task<EtcdSnapshot?> SaveSnapshotAsync(
        SnapshotRequest request,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task<EtcdSnapshotReport> TestSnapshotAsync(
        SnapshotTestRequest request,
        IRunObserver observer,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

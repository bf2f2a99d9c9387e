using System.Collections.Concurrent;

namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>A cluster that records its calls and gives the configured answers, in place of the engine's.</summary>
internal sealed class FakeCluster : IEtcdCluster
{
    public FakeCluster(
        string name = "prod",
        string clusterId = "c1",
        int members = 3,
        EtcdAccess access = EtcdAccess.Endpoint
    )
    {
        string[] endpoints =
            access is EtcdAccess.Endpoint
                ? [$"https://{name}:2379"]
                : [.. Enumerable.Range(1, members).Select(number => $"ssh://{name}{number}")];
        Connection = new EtcdConnection(name, access, endpoints, null, this);
        Connection.Learn(clusterId);
        Members = [.. Enumerable.Range(1, members).Select(number => NewMember(name, clusterId, number))];
    }

    public EtcdConnection Connection { get; }

    public IReadOnlyList<EtcdMember> Members { get; set; }

    public bool IsOpen { get; set; } = true;

    /// <summary>The raft log; two connections to one cluster share it.</summary>
    public FakeRaftLog Raft { get; init; } = new();

    /// <summary>The name of each called operation, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public List<DefragRequest> Defrags { get; } = [];

    public List<SnapshotRequest> Snapshots { get; } = [];

    public List<SnapshotTestRequest> SnapshotTests { get; } = [];

    /// <summary>Why a snapshot is not proven; null if it is.</summary>
    public EtcdException? Unproven { get; set; }

    public List<CompactionRequest> Compactions { get; } = [];

    public List<AlarmClearRequest> Clears { get; } = [];

    public List<MaintenanceRequest> Maintenances { get; } = [];

    public ConcurrentQueue<SpaceUsageRequest> SpaceUsages { get; } = [];

    public ConcurrentQueue<UpgradeCheckRequest> Upgrades { get; } = [];

    /// <summary>The points that a check of an upgrade does not check.</summary>
    public IReadOnlyList<EtcdUpgradeCheck> NotChecked { get; set; } = [];

    /// <summary>The targets of leadership transfers; null if the best voter was requested.</summary>
    public List<EtcdMember?> LeaderMoves { get; } = [];

    public List<IReadOnlyList<EtcdMember>?> StatusAsked { get; } = [];

    /// <summary>The calls that changed the cluster, or would have changed it without a plan.</summary>
    public int Changes => Defrags.Count + Compactions.Count + Clears.Count + Maintenances.Count + LeaderMoves.Count;

    public Func<IRunObserver, CancellationToken, Task> OnGetMembers { get; set; } = (_, _) => Task.CompletedTask;

    public Func<IRunObserver, CancellationToken, Task>? OnGetStatus { get; set; }

    public Func<DefragRequest, IRunObserver, CancellationToken, Task>? OnDefrag { get; set; }

    public Action<AlarmClearRequest, IRunObserver> OnClear { get; set; } = (_, _) => { };

    public Func<IRunObserver, CancellationToken, Task>? OnMaintain { get; set; }

    public IReadOnlyList<EtcdAlarm> Alarms { get; set; } = [];

    /// <summary>Answers a question about space in place of one row.</summary>
    public Func<SpaceUsageRequest, IRunObserver, CancellationToken, Task>? OnGetSpaceUsage { get; set; }

    /// <summary>Each call waits for this task.</summary>
    public Func<CancellationToken, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public EtcdAlarm Alarm(int member, EtcdAlarmType type = EtcdAlarmType.NoSpace) =>
        new()
        {
            ClusterName = Connection.ClusterName,
            ClusterId = Connection.ClusterId!,
            MemberId = Members[member].MemberId,
            MemberName = Members[member].MemberName,
            AlarmType = type,
            Member = Members[member],
            Connection = Connection,
        };

    public EtcdDefragResult Result(int member, EtcdDefragStatus status, string? reason = null) =>
        Result(Members[member], status, reason);

    public async Task<IReadOnlyList<EtcdMember>> GetMembersAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        Calls.Enqueue("members");
        await OnCall(stop);
        await OnGetMembers(observer, stop);
        return Members;
    }

    public Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken stop) =>
        Task.FromResult(Raft.Append());

    public async Task GetStatusAsync(
        IReadOnlyList<EtcdMember>? members,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        Calls.Enqueue("status");
        await OnCall(stop);
        StatusAsked.Add(members);
        foreach (EtcdMember member in members ?? Members)
        {
            observer.Emit(Samples.Status(member));
            await Task.Yield();
        }

        if (OnGetStatus is not null)
            await OnGetStatus(observer, stop);
    }

    public async Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        Calls.Enqueue("alarms");
        await OnCall(stop);
        return Alarms;
    }

    public async Task CompactAsync(CompactionRequest request, IRunObserver observer, CancellationToken stop)
    {
        Calls.Enqueue("compact");
        await OnCall(stop);
        Compactions.Add(request);
        foreach (MemberTarget target in request.Targets)
            observer.Emit(Samples.Compaction(target, request.PlanOnly));
    }

    public async Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken stop)
    {
        Calls.Enqueue("defrag");
        await OnCall(stop);
        lock (Defrags)
            Defrags.Add(request);
        if (OnDefrag is not null)
        {
            await OnDefrag(request, observer, stop);
            return;
        }

        foreach (MemberTarget target in request.Targets)
            observer.Emit(
                Result(
                    target.Member.AsPlanned(request.PlanOnly),
                    request.PlanOnly ? EtcdDefragStatus.Planned : EtcdDefragStatus.Defragmented
                )
            );
    }

    public async Task ClearAlarmsAsync(AlarmClearRequest request, IRunObserver observer, CancellationToken stop)
    {
        Calls.Enqueue("clear");
        await OnCall(stop);
        Clears.Add(request);
        OnClear(request, observer);
    }

    public async Task MaintainAsync(MaintenanceRequest request, IRunObserver observer, CancellationToken stop)
    {
        Calls.Enqueue("maintenance");
        await OnCall(stop);
        Maintenances.Add(request);
        if (OnMaintain is not null)
            await OnMaintain(observer, stop);
    }

    public async Task<EtcdHealthReport> CheckHealthAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        await OnCall(stop);
        return Samples.Health(Connection.ClusterName);
    }

    public async Task<EtcdUpgradeReport> CheckUpgradeAsync(
        UpgradeCheckRequest request,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        Calls.Enqueue("upgrade");
        await OnCall(stop);
        Upgrades.Enqueue(request);
        return Samples.Upgrade(Connection.ClusterName, request.To.ToString(), NotChecked);
    }

    public async Task GetSpaceUsageAsync(SpaceUsageRequest request, IRunObserver observer, CancellationToken stop)
    {
        Calls.Enqueue("space");
        await OnCall(stop);
        SpaceUsages.Enqueue(request);
        if (OnGetSpaceUsage is not null)
            await OnGetSpaceUsage(request, observer, stop);
        else
            observer.Emit(Samples.Usage("pods", "default") with { ClusterName = Connection.ClusterName });
    }

    public async Task<EtcdMemberStatus?> MoveLeaderAsync(
        EtcdMember? to,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        Calls.Enqueue("leader");
        await OnCall(stop);
        if (!await observer.ConfirmAsync($"Move leadership to {to ?? Members[0]}", Connection.ClusterName))
            return null;
        LeaderMoves.Add(to);
        return Samples.Status(to ?? Members[0]);
    }

    public async Task<EtcdSnapshot?> SaveSnapshotAsync(
        SnapshotRequest request,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        await OnCall(stop);
        Snapshots.Add(request);
        EtcdSnapshot saved = Samples.Snapshot(Members[0]);
        return request.Prove ? saved.Proven(Unproven) : saved;
    }

    public async Task<EtcdSnapshotReport> TestSnapshotAsync(
        SnapshotTestRequest request,
        IRunObserver observer,
        CancellationToken stop
    )
    {
        await OnCall(stop);
        SnapshotTests.Add(request);
        return Samples.SnapshotReport(request.Path) with { ClusterName = Connection.ClusterName };
    }

    public ValueTask DisposeAsync()
    {
        IsOpen = false;
        return ValueTask.CompletedTask;
    }

    public EtcdDefragResult Result(EtcdMember member, EtcdDefragStatus status, string? reason = null) =>
        new()
        {
            ClusterName = member.ClusterName,
            ClusterId = member.ClusterId,
            MemberId = member.MemberId,
            MemberName = member.MemberName,
            Endpoint = member.Endpoint,
            Status = status,
            Reason = reason,
            BytesBefore = 2_100_000_000,
            BytesAfter = 25_000_000,
            PredictedDuration = TimeSpan.FromSeconds(3.2),
            Duration = status == EtcdDefragStatus.Defragmented ? TimeSpan.FromSeconds(2.4) : null,
            IsVerified = status == EtcdDefragStatus.Defragmented,
            Member = member,
        };

    private EtcdMember NewMember(string name, string clusterId, int number) =>
        new()
        {
            ClusterName = name,
            ClusterId = clusterId,
            MemberId = $"8e1{number}",
            MemberName = $"etcd-{number}",
            Endpoint = $"https://10.0.0.{number}:2379",
            AllEndpoints = ["https://10.0.0.1:2379"],
            ClientUrl = [$"https://10.0.0.{number}:2379"],
            Connection = Connection,
        };
}

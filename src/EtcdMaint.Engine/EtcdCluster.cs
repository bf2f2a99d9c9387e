using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Connecting;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Operations.Alarms;
using EtcdMaint.Engine.Operations.Compaction;
using EtcdMaint.Engine.Operations.Defrag;
using EtcdMaint.Engine.Operations.Health;
using EtcdMaint.Engine.Operations.Leadership;
using EtcdMaint.Engine.Operations.Snapshots;
using EtcdMaint.Engine.Operations.Space;
using EtcdMaint.Engine.Operations.Upgrades;
using EtcdMaint.Engine.Runbook;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine;

/// <summary>
/// The cluster of a connection. It runs the operation for each request of the cmdlets.
/// </summary>
internal sealed class EtcdCluster : IEtcdCluster, IIdleConnection
{
    /// <summary>
    /// The clusters without an operation whose streams stay open, of all connections of this process. The streams of a
    /// member take about 30 KB and a socket. A repeated look at the clusters of a person saves the handshakes; a fleet
    /// of thousands does not fill the memory.
    /// </summary>
    private static readonly IdleConnections AllIdle = new(limit: 128);

    private readonly IMemberSource _access;
    private readonly ClusterContext _context;
    private readonly ClusterIdentity _identity;
    private readonly ulong? _foundId;
    private readonly IdleConnections _others;
    private readonly object _gate = new();
    private int _operations;
    private int _isClosed;

    public EtcdCluster(
        FoundCluster found,
        long? givenQuota,
        TimeProvider time,
        Random? random = null,
        IdleConnections? idle = null
    )
    {
        _others = idle ?? AllIdle;
        Connection = new EtcdConnection(found.Name, found.Access, found.Endpoint, found.UserName, this);
        _access = found.Members;
        _foundId = found.ClusterId;
        _identity = new ClusterIdentity(Connection);
        _context = new ClusterContext(_access, givenQuota, time, _identity, random);
    }

    /// <summary>The connection object that the cmdlets hold.</summary>
    public EtcdConnection Connection { get; }

    public bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    private RecordMapper Records => new(Connection);

    /// <summary>
    /// Determines the cluster. If no member has answered yet while the connection was made, the members are asked, and
    /// the error contains the reason of each.
    /// </summary>
    public async Task VerifyAsync(CallBudget limit)
    {
        using IDisposable use = Use();
        if (_foundId is { } id)
            _identity.Recognize(id);
        else
            await _context.IdentifyAsync(limit).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<EtcdMember>> GetMembersAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        ClusterMembership membership = await _context
            .DiscoverAsync(new CallBudget(timeout, cancellationToken))
            .ConfigureAwait(false);
        foreach (ResolvedMember member in membership.Members.Where(m => m.Failure is not null))
            observer.LogVerbose(member.Failure!.Message);
        return [.. membership.ByName.Select(m => Records.Member(membership, m))];
    }

    public async Task GetStatusAsync(
        IReadOnlyList<EtcdMember>? members,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        ClusterMembership membership;
        MemberReading[] readings;
        try
        {
            using IDisposable use = Use();
            var limit = new CallBudget(timeout, cancellationToken);
            membership = await _context.DiscoverForStatusAsync(limit).ConfigureAwait(false);
            readings = await _context
                .ReadFirstAsync(members is null ? membership.ByName : Choose(membership, members, observer), limit)
                .ConfigureAwait(false);
        }
        catch (EtcdException failed) when (members is not null)
        {
            foreach (EtcdMember member in members)
                observer.Emit(RecordMapper.Status(member, null));
            observer.ReportError(failed);
            return;
        }
        var records = new RecordMapper(Connection, members?.Any(m => m.IsPlanned) is true);
        foreach (MemberReading reading in readings)
            observer.Emit(RecordMapper.Status(records.Member(membership, reading.Member), reading));
        foreach (
            EtcdException error in OneError.Of(
                readings.Where(r => r.Failure is not null).Select(r => (r.Member, r.Failure!))
            )
        )
            observer.ReportError(error);
    }

    public async Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        var limit = new CallBudget(timeout, cancellationToken);
        ClusterMembership membership = await _context.DiscoverAsync(limit).ConfigureAwait(false);
        IReadOnlyList<ArmedAlarm> alarms = await ClusterContext
            .AskAnyVoterAsync(membership, client => client.ListAlarmsAsync(limit))
            .ConfigureAwait(false);
        return
        [
            .. alarms
                .Select(a => Records.Alarm(membership, a))
                .OrderBy(a => a.MemberName, NameOrder.Instance)
                .ThenBy(a => a.MemberId, StringComparer.Ordinal),
        ];
    }

    public async Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using IDisposable use = Use();
        var limit = new CallBudget(timeout, cancellationToken);
        ClusterMembership membership = await _context.DiscoverAsync(limit).ConfigureAwait(false);
        StatusReply status = await ClusterContext
            .AskAnyVoterAsync(
                membership,
                async client =>
                {
                    // The list of alarms goes through raft, and the member answers after it has applied that entry.
                    await client.ListAlarmsAsync(limit).ConfigureAwait(false);
                    return await client.GetStatusAsync(limit).ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
        return new RaftPosition(status.RaftTerm, status.RaftIndex, status.Header.Revision);
    }

    public async Task CompactAsync(
        CompactionRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        await new CompactionRun(_context, Records, request, observer).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken cancellationToken)
    {
        using IDisposable use = Use();
        await new DefragOperation(_context, Connection, request, observer)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task ClearAlarmsAsync(
        AlarmClearRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        ClusterMembership membership = await _context
            .DiscoverAsync(new CallBudget(request.CallTimeout, cancellationToken))
            .ConfigureAwait(false);
        await new AlarmClearing(_context, new RecordMapper(Connection, request.PlanOnly), request, observer)
            .RunAsync(membership, cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<EtcdHealthReport> CheckHealthAsync(
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        return await new HealthCheck(_context, Connection)
            .RunAsync(new CallBudget(timeout, cancellationToken))
            .ConfigureAwait(false);
    }

    public async Task<EtcdUpgradeReport> CheckUpgradeAsync(
        UpgradeCheckRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        return await new UpgradeCheck(_context, Connection, request, observer)
            .RunAsync(new CallBudget(request.CallTimeout, cancellationToken))
            .ConfigureAwait(false);
    }

    public async Task GetSpaceUsageAsync(
        SpaceUsageRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        await new SpaceUsageRun(_context, Connection, request, observer)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<EtcdMemberStatus?> MoveLeaderAsync(
        EtcdMember? to,
        TimeSpan timeout,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        return await new LeaderMove(_context, Connection, observer)
            .RunAsync(to, new CallBudget(timeout, cancellationToken))
            .ConfigureAwait(false);
    }

    public async Task<EtcdSnapshot?> SaveSnapshotAsync(
        SnapshotRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        return await new SnapshotSaving(_context, Connection, request, observer)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<EtcdSnapshotReport> TestSnapshotAsync(
        SnapshotTestRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        var limit = new CallBudget(request.CallTimeout, cancellationToken);
        return await SnapshotTester
            .TestAsync(request.Path, _context, Connection, observer, limit)
            .ConfigureAwait(false);
    }

    public async Task MaintainAsync(
        MaintenanceRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        using IDisposable use = Use();
        await new MaintenanceRun(this, _context, Connection, request, observer)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    public void CloseWhenIdle()
    {
        lock (_gate)
            if (_operations == 0 && IsOpen)
                _access.CloseStreams();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        _others.Remove(this);
        await _access.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<ResolvedMember> Choose(
        ClusterMembership membership,
        IReadOnlyList<EtcdMember> members,
        IRunObserver observer
    )
    {
        foreach (EtcdMember member in members)
        {
            if (membership.Find(member.Id) is { } found)
                yield return found;
            else
                observer.ReportError(MembershipErrors.Departed(member));
        }
    }

    /// <summary>Keeps the streams open until the returned object is disposed. Operations can be nested.</summary>
    private Operation Use()
    {
        if (!IsOpen)
            throw ConnectionErrors.Closed(Connection);
        return new Operation(this);
    }

    private sealed class Operation : IDisposable
    {
        private readonly EtcdCluster _cluster;

        public Operation(EtcdCluster cluster)
        {
            _cluster = cluster;
            lock (cluster._gate)
                cluster._operations++;
            cluster._others.Remove(cluster);
        }

        public void Dispose()
        {
            lock (_cluster._gate)
                if (--_cluster._operations > 0)
                    return;
            if (_cluster.IsOpen)
                _cluster._others.Add(_cluster);
        }
    }
}

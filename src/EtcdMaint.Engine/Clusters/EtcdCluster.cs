using EtcdMaint.Engine.Clients;
using EtcdMaint.Engine.Maintenance.Alarms;
using EtcdMaint.Engine.Maintenance.Compaction;
using EtcdMaint.Engine.Maintenance.Defrag;
using EtcdMaint.Engine.Maintenance.Health;
using EtcdMaint.Engine.Maintenance.Leadership;
using EtcdMaint.Engine.Maintenance.Snapshots;
using EtcdMaint.Engine.Maintenance.WholeRun;

namespace EtcdMaint.Engine.Clusters;

/// <summary>The cluster behind a connection: turns each request of the cmdlets into the operation that does it.</summary>
internal sealed class EtcdCluster : IEtcdCluster
{
    private readonly IMemberAccess _access;
    private readonly ClusterContext _context;
    private int _isClosed;

    public EtcdCluster(FoundCluster found, long? givenQuota, TimeProvider time, Random? random = null)
    {
        Connection = new EtcdConnection(found.Name, found.Access, found.Endpoint, found.UserName, this);
        _access = found.Members;
        _context = new ClusterContext(_access, givenQuota, time, new ClusterIdentity(Connection), random);
    }

    /// <summary>What the cmdlets hold of this cluster.</summary>
    public EtcdConnection Connection { get; }

    public bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    private PublicRecords Records => new(Connection);

    public Task VerifyAsync(CallLimit limit) => _context.IdentifyAsync(limit);

    private Task<Roster> SurveyAsync(CallLimit limit)
    {
        RequireOpen();
        return _context.SurveyAsync(limit);
    }

    public async Task<IReadOnlyList<EtcdMember>> GetMembersAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        Roster roster = await SurveyAsync(new CallLimit(timeout, stop)).ConfigureAwait(false);
        foreach (RosterMember member in roster.Members.Where(m => m.Failure is not null))
            observer.Tell(member.Failure!.Message);
        return [.. roster.Members.Select(m => Records.Member(roster, m))];
    }

    public async Task GetStatusAsync(
        IReadOnlyList<EtcdMember>? members, TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        Roster roster;
        MemberReading[] readings;
        try
        {
            RequireOpen();
            var limit = new CallLimit(timeout, stop);
            roster = await _context.SurveyForStatusAsync(limit).ConfigureAwait(false);
            readings = await _context.ReadFirstAsync(members is null ? roster.Members : Choose(roster, members, observer), limit).ConfigureAwait(false);
        }
        catch (EtcdException failed) when (members is not null)
        {
            foreach (EtcdMember member in members)
                observer.Emit(PublicRecords.Status(member, null));
            observer.Fail(failed);
            return;
        }
        var records = new PublicRecords(Connection, members?.Any(m => m.IsPlanned) is true);
        foreach (MemberReading reading in readings)
        {
            observer.Emit(PublicRecords.Status(records.Member(roster, reading.Member), reading));
            if (reading.Failure is not null)
                observer.Fail(reading.Failure);
        }
    }

    public async Task<IReadOnlyList<EtcdAlarm>> GetAlarmsAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        var limit = new CallLimit(timeout, stop);
        Roster roster = await SurveyAsync(limit).ConfigureAwait(false);
        IReadOnlyList<ArmedAlarm> alarms = await ClusterContext
            .AskAnyVoterAsync(roster, client => client.ListAlarmsAsync(limit))
            .ConfigureAwait(false);
        return [.. alarms.Select(a => Records.Alarm(roster, a))];
    }

    public async Task<RaftPosition> AdvanceRaftAsync(TimeSpan timeout, CancellationToken stop)
    {
        var limit = new CallLimit(timeout, stop);
        Roster roster = await SurveyAsync(limit).ConfigureAwait(false);
        StatusReply status = await ClusterContext
            .AskAnyVoterAsync(
                roster,
                async client =>
                {
                    // The list of alarms goes through raft, and the member answers when it has applied that entry.
                    await client.ListAlarmsAsync(limit).ConfigureAwait(false);
                    return await client.GetStatusAsync(limit).ConfigureAwait(false);
                })
            .ConfigureAwait(false);
        return new RaftPosition(status.RaftTerm, status.RaftIndex, status.Header.Revision);
    }

    public Task CompactAsync(CompactionRequest request, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        return new CompactionRun(_context, Records, request, observer).RunAsync(stop);
    }

    public async Task DefragmentAsync(DefragRequest request, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        await new DefragRun(_context, Connection, request, observer).RunAsync(stop).ConfigureAwait(false);
    }

    public async Task ClearAlarmsAsync(AlarmClearRequest request, IRunObserver observer, CancellationToken stop)
    {
        Roster roster = await SurveyAsync(new CallLimit(request.CallTimeout, stop)).ConfigureAwait(false);
        await new AlarmClearing(_context, new PublicRecords(Connection, request.PlanOnly), request, observer).RunAsync(roster, stop).ConfigureAwait(false);
    }

    public Task<EtcdHealthReport> CheckHealthAsync(TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        return new HealthCheck(_context, Connection).RunAsync(new CallLimit(timeout, stop));
    }

    public Task<EtcdMemberStatus?> MoveLeaderAsync(EtcdMember? to, TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        return new LeaderMove(_context, Connection, observer).RunAsync(to, new CallLimit(timeout, stop));
    }

    public Task<EtcdSnapshot?> SaveSnapshotAsync(SnapshotRequest request, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        return new SnapshotSaving(_context, Connection, request, observer).RunAsync(stop);
    }

    public Task MaintainAsync(MaintenanceRequest request, IRunObserver observer, CancellationToken stop)
    {
        RequireOpen();
        return new MaintenanceRun(this, _context, Connection, request, observer).RunAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            await _access.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<RosterMember> Choose(Roster roster, IReadOnlyList<EtcdMember> members, IRunObserver observer)
    {
        foreach (EtcdMember member in members)
        {
            if (roster.Find(member.Id) is { } found)
                yield return found;
            else
                observer.Fail(MembershipErrors.Departed(member));
        }
    }

    private void RequireOpen()
    {
        if (!IsOpen)
            throw ConnectionErrors.Closed(Connection);
    }
}

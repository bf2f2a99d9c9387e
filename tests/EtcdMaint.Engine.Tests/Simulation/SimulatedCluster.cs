using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// An etcd cluster in memory: its leader, its committed and compacted revisions, its alarms and locks, and the calls
/// that wait for an answer. The behavior of the members follows measurements of etcd 3.4 to 3.6.
/// </summary>
internal sealed class SimulatedCluster
{
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromSeconds(1.2);

    private readonly List<PendingCall> _pending = [];
    private readonly Lock _gate = new();

    public SimulatedCluster(IEnumerable<SimulatedMember> members, SimulatedTime time, ulong? id = null)
    {
        Time = time;
        Id = id ?? (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        Members = [.. members];
        Leader = Members.FirstOrDefault(m => !m.IsLearner);
        Log = new CallLog(time);
        Keys = new KeyStore(time);
        foreach (SimulatedMember member in Members)
            member.Changed = OnChanged;
        Func<bool> others = time.Settle;
        time.Settle = () => Settle() | others();
    }

    public SimulatedTime Time { get; }

    public ulong Id { get; }

    public List<SimulatedMember> Members { get; }

    public IEnumerable<SimulatedMember> Voters => Members.Where(m => !m.IsLearner);

    public SimulatedMember? Leader { get; private set; }

    /// <summary>Since when the leader has been leading without interruption.</summary>
    public TimeSpan LeaderSince { get; private set; }

    public ulong Term { get; private set; } = 2;

    public long Revision { get; set; } = 1000;

    public long Compacted { get; set; }

    public double WritesPerSecond { get; set; }

    public ulong RaftIndex => 5000 + (ulong)(Time.Now.TotalSeconds * WritesPerSecond);

    public List<ArmedAlarm> Alarms { get; } = [];

    /// <summary>Since when CORRUPT is armed; null while it is not.</summary>
    public TimeSpan? CorruptSince { get; private set; }

    /// <summary>
    /// The next write this long after a disarming arms the alarm again; null for alarms that stay cleared.
    /// </summary>
    public TimeSpan? RearmsAfter { get; set; }

    /// <summary>The member on which it is armed again; null for the one on which it was disarmed.</summary>
    public SimulatedMember? RearmsOn { get; set; }

    public bool RefusesTransfer { get; set; }

    /// <summary>Whether alarms can only be disarmed together, as with etcdctl.</summary>
    public bool DisarmsTogether { get; set; }

    /// <summary>Called when an alarm has been disarmed.</summary>
    public Action Disarmed { get; set; } = () => { };

    public KeyStore Keys { get; }

    /// <summary>The names of the auth roles.</summary>
    public SortedSet<string> Roles { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether auth is enabled and the runs log in as a user other than root: such a user cannot read or change roles.
    /// </summary>
    public bool ForbidsRoles { get; set; }

    /// <summary>Whether the user of the runs may not read ranges of keys.</summary>
    public bool ForbidsKeys { get; set; }

    /// <summary>Whether no member ever answers a read of several spans of keys.</summary>
    public bool HoldsKeys { get; set; }

    public CallLog Log { get; }

    /// <summary>What the calls of the runs pass through; null for an access that never stalls.</summary>
    public StallableAccess? Access { get; set; }

    /// <summary>When the run last discovered the members; each gate starts with this.</summary>
    public TimeSpan LastLook { get; set; }

    /// <summary>Called with each member to which a Defragment is sent, before anything else happens.</summary>
    public Action<SimulatedMember> DefragmentSent { get; set; } = _ => { };

    /// <summary>The number of voters that can communicate with each other.</summary>
    private bool HasQuorum => Voters.Count(v => v.IsWithPeers) > Voters.Count() / 2;

    public bool IsServing => Leader is { IsWithPeers: true } && HasQuorum;

    public void Arm(SimulatedMember member, EtcdAlarmType type)
    {
        if (!Alarms.Contains(new ArmedAlarm(member.Id, type)))
            Alarms.Add(new ArmedAlarm(member.Id, type));
        if (type is EtcdAlarmType.Corrupt)
            CorruptSince ??= Time.Now;
    }

    public void Disarm(ArmedAlarm alarm)
    {
        Alarms.Remove(alarm);
        if (!Alarms.Exists(a => a.Type is EtcdAlarmType.Corrupt))
            CorruptSince = null;
        if (RearmsAfter is { } delay)
            Time.After(delay, () => Alarms.Add(alarm with { MemberId = RearmsOn?.Id ?? alarm.MemberId }));
        Disarmed();
    }

    public void Lead(SimulatedMember? leader)
    {
        if (leader == Leader)
            return;
        Leader = leader;
        LeaderSince = Time.Now;
        if (leader is not null)
            Term++;
    }

    /// <summary>All connections to the member break; its defragmentation continues.</summary>
    public void BreakConnections(SimulatedMember member)
    {
        foreach (PendingCall call in Pending())
            call.Break(member);
    }

    public Task<T> SendAsync<T>(
        SimulatedMember at,
        CallBudget limit,
        Serve<T> serve,
        Action<SimulatedMember>? arrive = null
    )
    {
        var latency = TimeSpan.FromMilliseconds(1 + 0.1 * Members.IndexOf(at));
        var call = new PendingCall<T>(at, limit, latency, Time, serve, arrive);
        lock (_gate)
            _pending.Add(call);
        return call.Answer;
    }

    private void OnChanged(SimulatedMember member)
    {
        if (!member.IsUp)
            foreach (PendingCall call in Pending())
                call.Die(member);
        if (Leader is { IsWithPeers: true } && HasQuorum)
            return;
        Lead(null);
        Time.After(ElectionTimeout, Elect);
    }

    private void Elect()
    {
        if (Leader is null && HasQuorum)
            Lead(Voters.First(v => v.IsWithPeers));
    }

    /// <summary>Advances all calls as far as possible; true if one has advanced.</summary>
    public bool Settle()
    {
        bool hasMoved = false;
        foreach (PendingCall call in Pending())
            hasMoved |= call.Advance();
        lock (_gate)
            _pending.RemoveAll(c => c.IsOver);
        return hasMoved;
    }

    private PendingCall[] Pending()
    {
        lock (_gate)
            return [.. _pending];
    }
}

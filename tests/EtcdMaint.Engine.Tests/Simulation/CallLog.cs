namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>One call as it was sent.</summary>
internal sealed record LoggedCall(TimeSpan At, string Member, string Call)
{
    /// <summary>The calls that change the cluster.</summary>
    public bool IsWrite =>
        Call
            is "Defragment"
                or "Compact"
                or "Disarm"
                or "MoveLeader"
                or "Create"
                or "GrantLease"
                or "KeepLeaseAlive"
                or "RevokeLease"
                or "AddRole"
                or "DeleteRole";

    public override string ToString() => $"{At.TotalSeconds, 9:0.000} {Member, -4} {Call}";
}

/// <summary>All calls with their times, and other events.</summary>
internal sealed class CallLog(SimulatedTime time)
{
    private readonly List<LoggedCall> _calls = [];

    public IReadOnlyList<LoggedCall> Calls => _calls;

    public IEnumerable<LoggedCall> Writes => _calls.Where(c => c.IsWrite);

    public void Add(string member, string call) => _calls.Add(new LoggedCall(time.Now, member, call));

    public IEnumerable<string> MembersOf(string call) => _calls.Where(c => c.Call == call).Select(c => c.Member);
}

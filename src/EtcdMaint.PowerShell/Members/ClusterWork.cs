namespace EtcdMaint.Cmdlets;

/// <summary>What a cmdlet has to do in one cluster.</summary>
internal sealed class ClusterWork(EtcdConnection connection)
{
    private readonly Dictionary<string, MemberTarget> _targets = [];

    private readonly List<EtcdAlarm> _alarms = [];

    /// <summary>The connection to work over.</summary>
    public EtcdConnection Connection { get; } = connection;

    /// <summary>Whether the whole cluster was meant, members that have not been listed included.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Whether the members were read just now, not brought by the pipeline.</summary>
    public bool IsFresh { get; set; }

    public IReadOnlyList<MemberTarget> Targets =>
        [.. _targets.Values.Select(target => target with { Member = target.Member.AsPlanned(IsPlanned) })];

    public IReadOnlyList<EtcdMember> Members => [.. Targets.Select(target => target.Member)];

    /// <summary>Alarms that were given as such.</summary>
    public IReadOnlyList<EtcdAlarm> Alarms => _alarms;

    /// <summary>
    /// Whether something upstream was only planned, so that acting on it would act on what never happened. One record
    /// of a plan is enough, also of a member that the plan leaves alone.
    /// </summary>
    public bool IsPlanned { get; private set; }

    /// <summary>Takes over the work of another connection to the same cluster.</summary>
    public void Absorb(ClusterWork other)
    {
        IsWhole |= other.IsWhole;
        IsFresh |= other.IsFresh;
        IsPlanned |= other.IsPlanned;
        foreach (MemberTarget target in other._targets.Values)
            Add(target);
        foreach (EtcdAlarm alarm in other._alarms)
            Add(alarm);
    }

    /// <summary>Adds a member. Of several records of one member the one that says the worst counts.</summary>
    public void Add(MemberTarget target)
    {
        IsPlanned |= target.Upstream is UpstreamState.Planned || target.Member.IsPlanned;
        string id = target.Member.MemberId;
        if (!_targets.TryGetValue(id, out MemberTarget? known) || target.Upstream > known.Upstream)
            _targets[id] = target;
    }

    public void Add(EtcdAlarm alarm)
    {
        IsPlanned |= alarm.Status is EtcdAlarmStatus.Planned || alarm.Member is { IsPlanned: true };
        if (!_alarms.Exists(known => known.MemberId == alarm.MemberId && known.AlarmType == alarm.AlarmType))
            _alarms.Add(alarm);
    }
}

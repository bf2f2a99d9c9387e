namespace EtcdMaint.Cmdlets;

/// <summary>The work of a cmdlet in one cluster.</summary>
internal sealed class ClusterWork(EtcdConnection connection)
{
    private readonly Dictionary<string, MemberTarget> _targets = [];

    private readonly List<EtcdAlarm> _alarms = [];

    /// <summary>The connection to use.</summary>
    public EtcdConnection Connection { get; } = connection;

    /// <summary>Whether the whole cluster was selected, including members that have not been listed.</summary>
    public bool IsWhole { get; set; }

    /// <summary>
    /// Whether this cmdlet has just read the members, as opposed to receiving them from the pipeline.
    /// </summary>
    public bool IsFresh { get; set; }

    public IReadOnlyList<MemberTarget> Targets =>
        [.. _targets.Values.Select(target => target with { Member = target.Member.AsPlanned(IsPlanned) })];

    public IReadOnlyList<EtcdMember> Members => [.. Targets.Select(target => target.Member)];

    /// <summary>The alarms that were passed as alarm objects.</summary>
    public IReadOnlyList<EtcdAlarm> Alarms => _alarms;

    /// <summary>
    /// Whether a previous cmdlet only planned, so that a change would rely on a step that never took place. One record
    /// of a plan is enough, even if the plan skips its member.
    /// </summary>
    public bool IsPlanned { get; private set; }

    /// <summary>Adds the work of another connection to the same cluster.</summary>
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

    /// <summary>Adds a member. If there are several records of one member, the worst result counts.</summary>
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

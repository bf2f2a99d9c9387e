namespace EtcdMaint.Cmdlets;

/// <summary>What a cmdlet has to do in one cluster.</summary>
internal sealed class ClusterWork(EtcdConnection connection)
{
    private readonly Dictionary<string, MemberTarget> _targets = [];

    private readonly List<EtcdAlarm> _alarms = [];

    public EtcdConnection Connection { get; } = connection;

    /// <summary>Whether the whole cluster was meant, members that have not been listed included.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Whether the members were read just now, not brought by the pipeline.</summary>
    public bool IsFresh { get; set; }

    public IReadOnlyList<MemberTarget> Targets => [.. _targets.Values];

    public IReadOnlyList<EtcdMember> Members => [.. _targets.Values.Select(target => target.Member)];

    /// <summary>Alarms that were given as such.</summary>
    public IReadOnlyList<EtcdAlarm> Alarms => _alarms;

    /// <summary>Whether something upstream was only planned, so that acting on it would act on what never happened.</summary>
    public bool IsPlanned =>
        _targets.Values.Any(target => target.Upstream == UpstreamState.Planned)
        || _alarms.Any(alarm => alarm.Status == EtcdAlarmStatus.Planned);

    /// <summary>Adds a member. Of several records of one member the one that says the worst counts.</summary>
    public void Add(MemberTarget target)
    {
        string id = target.Member.MemberId;
        if (!_targets.TryGetValue(id, out MemberTarget? known) || target.Upstream > known.Upstream)
            _targets[id] = target;
    }

    public void Add(EtcdAlarm alarm)
    {
        if (!_alarms.Exists(known => known.MemberId == alarm.MemberId && known.AlarmType == alarm.AlarmType))
            _alarms.Add(alarm);
    }
}

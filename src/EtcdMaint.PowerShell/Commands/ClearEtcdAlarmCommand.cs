using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Clears alarms after verifying that they will stay cleared.</summary>
[Cmdlet(
    VerbsCommon.Clear,
    "EtcdAlarm",
    DefaultParameterSetName = ByChoice,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium
)]
[OutputType(typeof(EtcdAlarm))]
public sealed class ClearEtcdAlarmCommand : MemberCommand, IDisposable
{
    private readonly PipelineSummary _summary = new() { ClearsAlarms = true };

    /// <summary>
    /// The type of alarm to clear, NOSPACE by default. It never binds from the pipeline, so that CORRUPT is cleared
    /// only if the user specified it.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(EtcdAlarmType))]
    public EtcdAlarmType? AlarmType { get; set; }

    /// <summary>
    /// NOSPACE stays armed while the file of a member uses more than this share of its quota, 0 to 1.
    /// </summary>
    [Parameter]
    [Narrowing(typeof(double))]
    [OptionalRange(0.0, 1.0)]
    public double? MaximumQuotaUsedRatio { get; set; } = 0.9;

    /// <summary>The checks to turn off.</summary>
    [Parameter]
    public EtcdGate[]? Override { get; set; }

    private protected override bool Changes => true;

    private protected override bool ListsMembers => false;

    private protected override bool TakesAlarms => true;

    /// <summary>Registers that this cmdlet sums up the results of the cmdlets before it.</summary>
    protected override void BeginProcessing()
    {
        PipelineSummary.BeginCollector(this);
        base.BeginProcessing();
    }

    /// <summary>Ends the registration.</summary>
    public void Dispose() => PipelineSummary.EndCollector(this);

    private protected override PipelineSummary NewSummary()
    {
        _summary.IsPlan = IsWhatIf;
        foreach (IEtcdMemberRecord record in Records.Where(record => record is not EtcdAlarm))
            _summary.Add(record);
        return _summary;
    }

    private protected override async Task RunAsync(
        ClusterWork work,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        _summary.AddCluster(work.Connection.ClusterName);
        _summary.IsPlan |= work.IsPlanned;
        if (work.IsWhole)
        {
            await ClearAsync(work, null, null, observer, cancellationToken);
            return;
        }

        if (work.Alarms.Count > 0)
            await ClearAsync(work, work.Alarms, null, observer, cancellationToken);
        if (work.Targets.Count > 0)
            await ClearAsync(work, null, work.Targets, observer, cancellationToken);
    }

    private Task ClearAsync(
        ClusterWork work,
        IReadOnlyList<EtcdAlarm>? alarms,
        IReadOnlyList<MemberTarget>? targets,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var request = new AlarmClearRequest
        {
            Alarms = alarms,
            Targets = targets,
            AlarmType = AlarmType,
            MaximumQuotaUsedRatio = MaximumQuotaUsedRatio!.Value,
            Override = new HashSet<EtcdGate>(Override ?? []),
            CallTimeout = CallTimeout,
            PlanOnly = PlansOnly(work),
        };
        return work.Connection.Cluster.ClearAlarmsAsync(request, observer, cancellationToken);
    }
}

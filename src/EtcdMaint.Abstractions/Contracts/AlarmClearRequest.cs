namespace EtcdMaint;

internal sealed record AlarmClearRequest
{
    /// <summary>The alarms to clear; null to clear the alarms of <see cref="Targets"/>.</summary>
    public IReadOnlyList<EtcdAlarm>? Alarms { get; init; }

    /// <summary>The members whose alarms to clear; null to clear every alarm of the cluster.</summary>
    public IReadOnlyList<MemberTarget>? Targets { get; init; }

    /// <summary>The type that the user typed; null means NOSPACE.</summary>
    public EtcdAlarmType? AlarmType { get; init; }

    /// <summary>
    /// NOSPACE stays armed while the file of a member uses more than this share of its quota, 0 to 1.
    /// </summary>
    public double MaximumQuotaUsedRatio { get; init; }

    public IReadOnlySet<EtcdGate> Override { get; init; } = new HashSet<EtcdGate>();

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

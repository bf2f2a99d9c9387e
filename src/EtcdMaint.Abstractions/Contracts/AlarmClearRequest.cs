namespace EtcdMaint;

internal sealed record AlarmClearRequest
{
    /// <summary>The alarms to clear, when they were named; null takes those of <see cref="Targets"/>.</summary>
    public IReadOnlyList<EtcdAlarm>? Alarms { get; init; }

    /// <summary>The members whose alarms to clear; null takes every alarm of the cluster.</summary>
    public IReadOnlyList<MemberTarget>? Targets { get; init; }

    /// <summary>The type that a person typed; null means NOSPACE.</summary>
    public EtcdAlarmType? AlarmType { get; init; }

    /// <summary>NOSPACE stays armed while a voter's file takes more than this share of its quota, 0 to 1.</summary>
    public double MaximumQuotaUsedRatio { get; init; }

    public IReadOnlySet<EtcdGate> Override { get; init; } = new HashSet<EtcdGate>();

    public required TimeSpan CallTimeout { get; init; }

    public bool PlanOnly { get; init; }
}

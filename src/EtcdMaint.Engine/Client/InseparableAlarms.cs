using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Client;

/// <summary>
/// Decides whether a client that disarms all alarms together would disarm an alarm that the user did not select.
/// </summary>
internal static class InseparableAlarms
{
    /// <summary>Returns null if all armed alarms were selected.</summary>
    public static CallFailure? Find(IEnumerable<ArmedAlarm> armed, IReadOnlyList<ArmedAlarm> chosen)
    {
        ArmedAlarm[] others = [.. armed.Except(chosen)];
        if (others.Length == 0)
            return null;
        return others.Any(o => chosen.All(c => c.Type != o.Type))
            ? CallFailure.AlarmTypesInseparable
            : CallFailure.AlarmsInseparable;
    }
}

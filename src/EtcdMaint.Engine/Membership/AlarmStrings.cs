using System.Globalization;
using System.Text.RegularExpressions;
using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Membership;

/// <summary>
/// Reads the alarms from the errors in a status. Every member lists all alarms of the cluster there, without the raft
/// round of an alarm call. The ID is decimal, and the spacing differs between versions.
/// </summary>
internal static partial class AlarmStrings
{
    public static IEnumerable<ArmedAlarm> Read(IEnumerable<string> errors)
    {
        foreach (string error in errors)
            if (
                Pattern().Match(error) is { Success: true } match
                && ulong.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id)
            )
                yield return new ArmedAlarm(
                    id,
                    match.Groups[2].Value == "CORRUPT" ? EtcdAlarmType.Corrupt : EtcdAlarmType.NoSpace
                );
    }

    /// <summary>Whether NOSPACE is armed for any member; false if no status was read.</summary>
    public static bool HasNoSpace(StatusReply? status) =>
        Read(status?.Errors ?? []).Any(a => a.Type is EtcdAlarmType.NoSpace);

    [GeneratedRegex(@"memberID:\s*(\d+)\s+alarm:\s*(NOSPACE|CORRUPT)", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Globalization;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>
/// The name of a role that is a lock: the gate of a generation, or its holder. The name describes the holder, so that
/// one call reads the whole state.
/// </summary>
/// <param name="Generation">The number of takeovers from runs that have ended.</param>
/// <param name="Holder">The holder, or null for a gate.</param>
/// <param name="TimeToLive">How long the name may remain unchanged while its run is active.</param>
/// <param name="Renewal">The number of renewals of this run, so that no name is used twice.</param>
internal sealed record RoleName(int Generation, LockHolder? Holder, TimeSpan TimeToLive, int Renewal)
{
    private const string Prefix = "etcdmaint-lock-";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static bool IsLock(string role) => role.StartsWith(Prefix, StringComparison.Ordinal);

    public static RoleName Gate(int generation) => new(generation, null, Limits.Locks.GateTimeToLive, 0);

    /// <summary>Returns null if no run of this module created the name.</summary>
    public static RoleName? Read(string role)
    {
        if (!IsLock(role))
            return null;
        string[] parts = role[Prefix.Length..].Split('/');
        if (!TryCount(parts[0], out int generation))
            return null;
        if (parts.Length == 1)
            return Gate(generation);
        return
            parts is [_, var who, var process, var since, var purpose, var life, var run, var renewal]
            && who.Split('@') is [var user, var host]
            && TryCount(process, out int processId)
            && DateTimeOffset.TryParseExact(
                since,
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset start
            )
            && life.EndsWith('s')
            && TryCount(life[..^1], out int seconds)
            && Guid.TryParseExact(run, "N", out Guid id)
            && TryCount(renewal, out int count)
            ? new RoleName(
                generation,
                new LockHolder(id, Uri.UnescapeDataString(host), Uri.UnescapeDataString(user), processId, start)
                {
                    Purpose = ReadPurpose(purpose),
                },
                TimeSpan.FromSeconds(seconds),
                count
            )
            : null;
    }

    public override string ToString() =>
        Holder is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Generation}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{Generation}/{Uri.EscapeDataString(Holder.User)}@{Uri.EscapeDataString(Holder.Host)}"
                    + $"/{Holder.ProcessId}"
                    + $"/{Holder.Since.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}"
                    + $"/{Holder.Purpose.ToString().ToLowerInvariant()}"
                    + $"/{Math.Ceiling(TimeToLive.TotalSeconds):0}s/{Holder.Run:N}/{Renewal}"
            );

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static LockPurpose ReadPurpose(string text) =>
        Enum.TryParse(text, ignoreCase: true, out LockPurpose purpose) ? purpose : LockPurpose.Defragmentation;
}

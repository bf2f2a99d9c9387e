using System.Text.Json;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>Who holds a lock, as the holder wrote it for a run that finds it taken.</summary>
/// <param name="Run">Distinguishes this run from all others.</param>
internal sealed record LockHolder(Guid Run, string Host, string User, int ProcessId, DateTimeOffset Since)
{
    public LockPurpose Purpose { get; init; }

    public static LockHolder Me(TimeProvider time, LockPurpose purpose = LockPurpose.Defragmentation) =>
        new(Guid.NewGuid(), Environment.MachineName, Environment.UserName, Environment.ProcessId, time.GetUtcNow())
        {
            Purpose = purpose,
        };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Null for text that no run of this module wrote.</summary>
    public static LockHolder? Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > Limits.Locks.HolderBytes)
            return null;
        try
        {
            return JsonSerializer.Deserialize<LockHolder>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => $"{User} on {Host}, process {ProcessId}, since {Since:u}";
}

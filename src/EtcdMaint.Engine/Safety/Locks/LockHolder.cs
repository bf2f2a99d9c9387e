using System.Text.Json;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>The holder of a lock, as the holder wrote it for other runs.</summary>
/// <param name="Run">The ID of the run, which distinguishes it from all others.</param>
internal sealed record LockHolder(Guid Run, string Host, string User, int ProcessId, DateTimeOffset Since)
{
    public LockPurpose Purpose { get; init; }

    public static LockHolder Me(TimeProvider time, LockPurpose purpose = LockPurpose.Defragmentation) =>
        new(Guid.NewGuid(), Environment.MachineName, Environment.UserName, Environment.ProcessId, time.GetUtcNow())
        {
            Purpose = purpose,
        };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Returns null if the text was not written by a run of this module.</summary>
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

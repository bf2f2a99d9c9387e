using System.Text.Json;

namespace EtcdMaint.Engine.Maintenance.Locks;

/// <summary>Who holds a lock, in words for whoever finds it taken.</summary>
/// <param name="Run">Tells this run from all others.</param>
internal sealed record LockHolder(Guid Run, string Host, string User, int ProcessId, DateTimeOffset Since)
{
    public static LockHolder Me(TimeProvider time) =>
        new(Guid.NewGuid(), Environment.MachineName, Environment.UserName, Environment.ProcessId, time.GetUtcNow());

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Null for what no run of this module wrote.</summary>
    public static LockHolder? Read(ReadOnlySpan<byte> json)
    {
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

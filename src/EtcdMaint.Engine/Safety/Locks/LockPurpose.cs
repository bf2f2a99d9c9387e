using System.Text.Json.Serialization;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>What a lock is held for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockPurpose>))]
internal enum LockPurpose
{
    Defragmentation,
    Snapshot,
}

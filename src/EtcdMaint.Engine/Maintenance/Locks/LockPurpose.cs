using System.Text.Json.Serialization;

namespace EtcdMaint.Engine.Maintenance.Locks;

/// <summary>What a lock is held for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockPurpose>))]
internal enum LockPurpose
{
    Defragmentation,
    Snapshot,
}

using System.Text.Json.Serialization;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>The purpose of a lock.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockPurpose>))]
internal enum LockPurpose
{
    Defragmentation,
    Snapshot,
}

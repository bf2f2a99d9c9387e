using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>All locks in a cluster as they were read at one time.</summary>
/// <param name="Key">The key of a lock, without a value when there is none; null where the user may not read
/// it.</param>
/// <param name="Roles">The names of roles that are locks; empty where the user may not list roles.</param>
internal sealed record LockSighting(KeyReply? Key, IReadOnlyList<string> Roles);

using EtcdMaint.Engine.Client;

namespace EtcdMaint.Engine.Safety.Locks;

/// <summary>All locks in a cluster, read at one time.</summary>
/// <param name="Key">The key of a lock, without a value if there is no lock, or null if the user may not read
/// it.</param>
/// <param name="Roles">The names of the roles that are locks; empty if the user may not list roles.</param>
internal sealed record LockSighting(KeyReply? Key, IReadOnlyList<string> Roles);

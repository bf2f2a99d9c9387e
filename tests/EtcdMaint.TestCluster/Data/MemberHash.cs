using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// The hash of a member's keys. Hashes are comparable only between members with equal revisions of both kinds.
/// </summary>
public sealed record MemberHash(ClusterMember Member, uint Hash, long CompactRevision)
{
    internal static MemberHash Parse(ClusterMember member, string etcdctlOutput)
    {
        using var json = JsonDocument.Parse(etcdctlOutput);
        var hash = json.RootElement[0].GetProperty("HashKV");
        return new MemberHash(
            member,
            hash.GetProperty("hash").GetUInt32(),
            hash.TryGetProperty("compact_revision", out var compacted) ? compacted.GetInt64() : 0
        );
    }
}

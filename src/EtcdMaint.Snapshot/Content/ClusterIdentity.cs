using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace EtcdMaint.Snapshot.Content;

/// <summary>
/// The ID of a cluster: the first 8 bytes of the SHA-1 of the IDs of its first members, in ascending order, with 8
/// bytes each (<c>genID</c> in <c>etcdserver/api/membership/cluster.go</c>). Only the write-ahead log contains it.
/// </summary>
internal static class ClusterIdentity
{
    /// <returns>Null without members.</returns>
    public static string? Compute(IReadOnlyList<SnapshotMember> members)
    {
        if (members.Count == 0)
            return null;
        ulong[] ids =
        [
            .. members
                .Select(member => ulong.Parse(member.Id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
                .Order(),
        ];
        byte[] bytes = new byte[ids.Length * sizeof(ulong)];
        for (int i = 0; i < ids.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), ids[i]);
#pragma warning disable CA5350 // etcd chose it, and nothing depends on its strength.
        byte[] hash = SHA1.HashData(bytes);
#pragma warning restore CA5350
        return ContentReader.HexId(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EtcdMaint.Fleet;

/// <summary>
/// One part of a fleet, for one of several processes that share the work. The shard of a cluster depends only on its
/// name and on the number of shards, so the processes need not communicate.
/// </summary>
/// <param name="Number">The number of the shard, from 1.</param>
/// <param name="Count">The number of shards.</param>
internal sealed record Shard(int Number, int Count)
{
    /// <summary>Reads text such as 3/20.</summary>
    /// <exception cref="EtcdException">The text is not a shard (<c>ShardInvalid</c>).</exception>
    public static Shard Parse(string text)
    {
        string[] parts = text.Trim().Split('/');
        if (parts.Length != 2 || !TryRead(parts[0], out int number) || !TryRead(parts[1], out int count))
            throw Invalid(text, "is not a shard");
        if (count < 1)
            throw Invalid(text, "has no shards");
        return number >= 1 && number <= count
            ? new Shard(number, count)
            : throw Invalid(
                text,
                string.Create(CultureInfo.InvariantCulture, $"does not exist: the shards are 1 to {count}")
            );
    }

    /// <summary>Returns the shard to which the cluster belongs, from 1. Upper and lower case are equal.</summary>
    public static int Of(string clusterName, int count)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(clusterName.ToUpperInvariant()));
        return JumpHash.Bucket(BinaryPrimitives.ReadUInt64BigEndian(digest), count) + 1;
    }

    public bool Contains(string clusterName) => Of(clusterName, Count) == Number;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private static bool TryRead(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static EtcdException Invalid(string text, string what) =>
        new(
            ErrorIds.ShardInvalid,
            EtcdErrorCategory.InvalidArgument,
            $"-Shard '{text}' {what}.",
            "Specify the number of the shard, from 1, and the number of shards, for example 3/20.",
            text
        );
}

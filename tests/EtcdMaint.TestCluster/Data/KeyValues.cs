using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>Single keys of a cluster, read and written through a given member.</summary>
public sealed class KeyValues
{
    private const int KeysPerPage = 5000;

    private readonly TestEtcdCluster _cluster;

    internal KeyValues(TestEtcdCluster cluster) => _cluster = cluster;

    /// <summary>Writes a key and returns its revision.</summary>
    public async Task<long> PutAsync(
        string key,
        string value,
        ClusterMember? through = null,
        CancellationToken cancellation = default
    )
    {
        var answer = await PostAsync(through, "kv/put", new { key = Encode(key), value = Encode(value) }, cancellation);
        return Revision(answer);
    }

    /// <summary>The value of a key, or null; a linearizable read.</summary>
    public async Task<string?> GetAsync(
        string key,
        ClusterMember? through = null,
        CancellationToken cancellation = default
    )
    {
        var answer = await PostAsync(through, "kv/range", new { key = Encode(key) }, cancellation);
        if (!answer.TryGetProperty("kvs", out var pairs))
            return null;
        return pairs[0].TryGetProperty("value", out var value) ? Decode(value) : "";
    }

    /// <summary>All keys that start with a prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(
        string prefix,
        ClusterMember? through = null,
        CancellationToken cancellation = default
    )
    {
        var keys = new List<string>();
        var (from, end) = (prefix, Encode(KeyRange.EndOfPrefix(prefix)));
        while (true)
        {
            var answer = await PostAsync(
                through,
                "kv/range",
                new
                {
                    key = Encode(from),
                    range_end = end,
                    limit = KeysPerPage,
                    keys_only = true,
                },
                cancellation
            );
            if (!answer.TryGetProperty("kvs", out var page))
                return keys;

            keys.AddRange(page.EnumerateArray().Select(pair => Decode(pair.GetProperty("key"))));
            if (!answer.TryGetProperty("more", out var more) || !more.GetBoolean())
                return keys;
            from = keys[^1] + '\0';
        }
    }

    /// <summary>Deletes a key and returns the revision of the deletion.</summary>
    public async Task<long> DeleteAsync(string key, CancellationToken cancellation = default) =>
        Revision(await PostAsync(null, "kv/deleterange", new { key = Encode(key) }, cancellation));

    /// <summary>The newest revision.</summary>
    public async Task<long> RevisionAsync(CancellationToken cancellation = default) =>
        Revision(
            await PostAsync(
                null,
                "kv/range",
                new
                {
                    key = Encode("\0"),
                    limit = 1,
                    keys_only = true,
                },
                cancellation
            )
        );

    private Task<JsonElement> PostAsync(
        ClusterMember? through,
        string path,
        object body,
        CancellationToken cancellation
    ) => _cluster.Gateway.PostAsync(through ?? _cluster.AnyVoter, path, body, cancellation);

    private static long Revision(JsonElement answer) =>
        long.Parse(answer.GetProperty("header").GetProperty("revision").GetString()!, CultureInfo.InvariantCulture);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(JsonElement base64) => Encoding.UTF8.GetString(base64.GetBytesFromBase64());
}

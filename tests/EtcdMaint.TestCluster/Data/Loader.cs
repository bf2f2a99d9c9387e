using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EtcdMaint.TestCluster;

/// <summary>
/// Fills a cluster quickly: many puts per transaction, several transactions at once, distributed over the members.
/// </summary>
public sealed class Loader
{
    // etcd's own limits are 128 operations and 1.5 MiB per request.
    private const int MaxPutsPerTransaction = 128;
    private const int MaxBytesPerTransaction = 1 << 20;
    private const int BytesAtOnce = 4 << 20;
    private const int MaxTransactionsAtOnce = 32;

    // Objects of Kubernetes are small, and the number of operations limits a transaction before its size does.
    private const int ObjectsPerTransaction = 100;
    private const int ObjectTransactionsAtOnce = 16;

    private readonly TestEtcdCluster _cluster;

    internal Loader(TestEtcdCluster cluster) => _cluster = cluster;

    /// <summary>
    /// Writes keys and overwrites some of them, so that the result has about the given sizes of live data and history.
    /// </summary>
    /// <param name="liveBytes">Bytes of values that remain; at least one key is written.</param>
    /// <param name="deadBytes">Bytes of values that later writes replace; a compaction turns them into free
    /// pages.</param>
    /// <param name="transactionBytes">Large transactions are faster; but etcd keeps thousands of the newest
    /// transactions in memory, of any size (5,000 of them for members that are behind, and up to its
    /// <c>--snapshot-count</c> more).</param>
    /// <returns>The number of puts.</returns>
    /// <exception cref="GatewayException">A put was refused, for example by NOSPACE.</exception>
    public async Task<int> LoadAsync(
        long liveBytes,
        long deadBytes,
        int valueBytes = 10_000,
        string prefix = "load/",
        int transactionBytes = MaxBytesPerTransaction,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(valueBytes);
        var keys = (int)Math.Max(1, liveBytes / valueBytes);
        var puts = keys + (int)(deadBytes / valueBytes);
        var perTransaction = PutsPerTransaction(keys, valueBytes, transactionBytes);
        var batches = Enumerable
            .Range(0, (puts + perTransaction - 1) / perTransaction)
            .Select(batch =>
                Enumerable.Range(batch * perTransaction, Math.Min(perTransaction, puts - (batch * perTransaction)))
            );
        var members = _cluster.RunningVoters.ToArray();

        await Parallel.ForEachAsync(
            batches.Select((batch, index) => (Batch: batch, Member: members[index % members.Length])),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Clamp(BytesAtOnce / transactionBytes, 1, MaxTransactionsAtOnce),
                CancellationToken = cancellation,
            },
            async (work, token) =>
                await PutAllAsync(
                    work.Member,
                    [.. work.Batch.Select(number => new SizedKey($"{prefix}{number % keys:d8}", valueBytes))],
                    token
                )
        );
        return puts;
    }

    /// <summary>Writes the objects of a data set once, so that there is no history.</summary>
    /// <exception cref="GatewayException">A put was refused, for example by NOSPACE.</exception>
    public async Task LoadAsync(
        KubernetesObjects objects,
        int transactionBytes = MaxBytesPerTransaction / 2,
        CancellationToken cancellation = default
    )
    {
        var members = _cluster.RunningVoters.ToArray();
        await Parallel.ForEachAsync(
            Batches(objects.Keys(), transactionBytes)
                .Select((batch, index) => (Batch: batch, Member: members[index % members.Length])),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectTransactionsAtOnce, CancellationToken = cancellation },
            async (work, token) => await PutAllAsync(work.Member, work.Batch, token)
        );
        await _cluster.KeyValues.PutAsync(
            KubernetesObjects.CompactionKey,
            KubernetesObjects.CompactionValue,
            cancellation: cancellation
        );
    }

    /// <summary>Overwrites one set of keys until a put is refused because the quota is reached.</summary>
    /// <returns>The number of accepted bytes.</returns>
    public async Task<long> FillUntilNoSpaceAsync(
        int valueBytes = 100_000,
        string prefix = "fill/",
        CancellationToken cancellation = default
    )
    {
        var perTransaction = PutsPerTransaction(MaxPutsPerTransaction, valueBytes, MaxBytesPerTransaction);
        SizedKey[] keys =
        [
            .. Enumerable.Range(0, perTransaction).Select(number => new SizedKey($"{prefix}{number:d8}", valueBytes)),
        ];
        for (long written = 0; ; written += (long)perTransaction * valueBytes)
        {
            try
            {
                await PutAllAsync(_cluster.AnyVoter, keys, cancellation);
            }
            catch (GatewayException refused) when (refused.IsNoSpace)
            {
                return written;
            }
        }
    }

    private static int PutsPerTransaction(int keys, int valueBytes, int transactionBytes) =>
        // A transaction must not write one key twice.
        Math.Clamp(transactionBytes / valueBytes, 1, Math.Min(keys, MaxPutsPerTransaction));

    private static IEnumerable<SizedKey[]> Batches(IEnumerable<SizedKey> keys, int transactionBytes)
    {
        var batch = new List<SizedKey>();
        var bytes = 0;
        foreach (var key in keys)
        {
            if (batch.Count == ObjectsPerTransaction || (batch.Count > 0 && bytes + key.ValueBytes > transactionBytes))
            {
                yield return [.. batch];
                batch.Clear();
                bytes = 0;
            }
            batch.Add(key);
            bytes += key.ValueBytes;
        }
        if (batch.Count > 0)
            yield return [.. batch];
    }

    private Task PutAllAsync(ClusterMember member, SizedKey[] keys, CancellationToken cancellation) =>
        _cluster.Gateway.PostAsync(
            member,
            "kv/txn",
            writer =>
            {
                var buffer = new byte[keys.Max(key => key.ValueBytes)];
                writer.WriteStartObject();
                writer.WriteStartArray("success");
                foreach (var key in keys)
                {
                    var value = buffer.AsSpan(0, key.ValueBytes);
                    RandomNumberGenerator.Fill(value);
                    writer.WriteStartObject();
                    writer.WriteStartObject("requestPut");
                    writer.WriteBase64String("key", Encoding.UTF8.GetBytes(key.Key));
                    writer.WriteBase64String("value", value);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            },
            cancellation
        );
}

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
                    [.. work.Batch.Select(number => $"{prefix}{number % keys:d8}")],
                    valueBytes,
                    token
                )
        );
        return puts;
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
        string[] keys = [.. Enumerable.Range(0, perTransaction).Select(number => $"{prefix}{number:d8}")];
        for (long written = 0; ; written += (long)perTransaction * valueBytes)
        {
            try
            {
                await PutAllAsync(_cluster.AnyVoter, keys, valueBytes, cancellation);
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

    private Task PutAllAsync(ClusterMember member, string[] keys, int valueBytes, CancellationToken cancellation) =>
        _cluster.Gateway.PostAsync(
            member,
            "kv/txn",
            writer =>
            {
                var value = new byte[valueBytes];
                writer.WriteStartObject();
                writer.WriteStartArray("success");
                foreach (var key in keys)
                {
                    RandomNumberGenerator.Fill(value);
                    writer.WriteStartObject();
                    writer.WriteStartObject("requestPut");
                    writer.WriteBase64String("key", Encoding.UTF8.GetBytes(key));
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

using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// Data in transactions as real clients write it. etcd keeps thousands of its newest transactions in memory: with a
/// megabyte each, three members would leave no memory for their files. So the transactions are small, and as many are
/// kept as etcd 3.6 keeps.
/// </summary>
internal static class SmallTransactions
{
    /// <summary>The default of etcd 3.6; earlier releases keep ten times as many by default.</summary>
    public const string ServerArgument = "--snapshot-count=10000";

    private const int Bytes = 30_000;

    /// <summary>Writes the same keys each time, so that the previous values become history.</summary>
    public static async Task WriteAsync(TestEtcdCluster cluster, long bytes, CancellationToken stop) =>
        await cluster.Loader.LoadAsync(bytes, 0, transactionBytes: Bytes, cancellation: stop);
}

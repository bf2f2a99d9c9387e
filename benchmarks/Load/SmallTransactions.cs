using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Load;

/// <summary>
/// Data written as real clients write it. etcd's newest transactions stay in its memory, thousands of them: with a
/// megabyte each, three members would leave no memory for their files. So they are small, and no more are kept than
/// etcd 3.6 keeps.
/// </summary>
internal static class SmallTransactions
{
    /// <summary>The default of etcd 3.6; ten times as many are kept by default before.</summary>
    public const string ServerArgument = "--snapshot-count=10000";

    private const int Bytes = 30_000;

    /// <summary>Writes the same keys each time, so that what was there before becomes history.</summary>
    public static async Task WriteAsync(TestEtcdCluster cluster, long bytes, CancellationToken stop) =>
        await cluster.Loader.LoadAsync(bytes, 0, transactionBytes: Bytes, cancellation: stop);
}

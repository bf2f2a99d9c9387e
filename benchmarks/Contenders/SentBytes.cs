using System.Globalization;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Benchmarks.Contenders;

/// <summary>What the members of a cluster sent to their gRPC clients, from their own metrics.</summary>
internal static class SentBytes
{
    private const string Metric = "etcd_network_client_grpc_sent_bytes_total ";

    private static readonly HttpClient Client = new();

    /// <summary>The sum of all members since their start. They need a URL for metrics without TLS.</summary>
    public static async Task<double> ReadAsync(TestEtcdCluster cluster, CancellationToken stop)
    {
        double sum = 0;
        foreach (ClusterMember member in cluster.Members)
        {
            string metrics = await Client.GetStringAsync(new Uri($"{member.MetricsUrl}/metrics"), stop);
            string line =
                metrics.Split('\n').FirstOrDefault(l => l.StartsWith(Metric, StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"{member.Name} has no metric {Metric.Trim()}.");
            sum += double.Parse(line.AsSpan(Metric.Length), CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
